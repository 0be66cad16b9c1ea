/** The finger of a person at a machine of the fleet. */
import { must } from "../../src/model/assert.ts";
import type { Key, Screen } from "../../src/model/screen.ts";
import type { Fleet } from "../fleet/fleet.ts";

/** A minute. */
const WAITS_MAX = 120;

/** Rows are chosen by how they begin, as a person does who reads them. */
export class Finger {
  readonly #fleet: Fleet;
  readonly #name: string;

  constructor(fleet: Fleet, name: string) {
    this.#fleet = fleet;
    this.#name = name;
  }

  get screen(): Screen {
    return must(this.#fleet.at(this.#name).hal.panel.screen(), "the panel shows a screen");
  }

  get lines(): readonly string[] {
    return this.screen.rows.map(({ text }) => text);
  }

  async press(...keys: readonly Key[]): Promise<void> {
    for (const key of keys) {
      this.#fleet.at(this.#name).hal.panel.press(key);
      await this.#fleet.advance(100);
    }
  }

  async type(text: string): Promise<void> {
    this.#fleet.at(this.#name).hal.panel.type(text);
    await this.#fleet.advance(100);
  }

  async choose(...texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      const wanted = this.lines.findIndex((line) => line.startsWith(text));
      if (wanted < 0) throw new Error(`no row "${text}" on "${this.screen.title}": ${JSON.stringify(this.lines)}`);
      const steps = wanted - must(this.screen.selected, "a row is selected");
      await this.press(...Array<Key>(Math.abs(steps)).fill(steps < 0 ? "up" : "down"), "ok");
    }
  }

  async toFunction(role: "Server" | "Client"): Promise<void> {
    await this.press("id");
    await this.choose("Administrator");
    await this.type("desk");
    await this.press("ok", "settings");
    await this.choose("Management Settings", "Device Management", `Synchronize Custom Settings (${role})`);
  }

  /** Until nothing is worked on any more that the person would wait for. */
  async answered(): Promise<void> {
    await this.#fleet.advance(500);
    for (let waits = 0; this.screen.kind === "progress" && waits < WAITS_MAX; waits += 1) await this.#fleet.advance(500);
  }
}
