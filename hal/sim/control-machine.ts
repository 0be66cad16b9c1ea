/** The machine's end of the control channel: turns what the desk asks for into acts on the simulated hardware. */
import type { Key } from "../../src/model/screen.ts";
import type { ResourceReport } from "../resources.ts";
import type { Acknowledged, Administration } from "../services.ts";
import type { Cable } from "./cable.ts";
import type { CableNetwork } from "./cable-network.ts";
import type { ClockKnobs, MachineMemory, MachineView, Travel } from "./control.ts";
import { administrationCalls } from "./control-administration.ts";
import { controlError } from "./control-errors.ts";
import { editEntries, shownEntries } from "./control-items.ts";
import type { CallTable, MachineLine } from "./control-line.ts";
import { ScreenWatch } from "./control-screen.ts";
import { Services } from "./control-services.ts";
import { TravelWatch } from "./control-travel.ts";
import type { KeptSettings } from "./machine-settings.ts";
import type { SimHal } from "./sim-hal.ts";
import { Soon } from "./soon.ts";

export interface ControlledMachineParts {
  readonly hal: SimHal;
  readonly network: CableNetwork;
  readonly cable: Cable;
  readonly line: MachineLine;
  readonly settings: KeptSettings;
  /** The knobs of the machine's own oscillator. */
  readonly setClock: (knobs: ClockKnobs) => void;
  /** Stops this process on the spot; returns when it is woken. */
  readonly stopProcess: () => void;
}

/** Changes within this time after something was told are told as one. */
const VIEW_MS = 25;
/** The same for what only the module's own status says: nobody presses keys for it, and it changes with each edit of the fleet. */
const STATUS_MS = 250;

export class ControlledMachine {
  readonly #parts: ControlledMachineParts;
  readonly #services: Services;
  readonly #screen: ScreenWatch;
  readonly #travel: TravelWatch;
  #status: Pick<MachineView, "deviceId" | "server" | "client"> = { deviceId: "", server: null, client: null };
  #acknowledged: Acknowledged | undefined;
  #toldView = "";
  readonly #viewSoon: Soon;
  /** What the stores looked like when they were put down for the sleep (`#storesNow`). */
  #memoryOf = "";
  #ends: (() => void)[] = [];

  constructor(parts: ControlledMachineParts) {
    this.#parts = parts;
    this.#services = new Services(parts.hal);
    this.#screen = new ScreenWatch(parts.hal);
    const tell = (travel: Travel) => parts.line.tell({ kind: "travel", travel });
    this.#travel = new TravelWatch({ hal: parts.hal, services: this.#services, tell });
    this.#viewSoon = new Soon({ act: () => this.#tellView(), windowMs: VIEW_MS });
  }

  /** From now on it answers, and tells what happens. */
  start(): void {
    const { hal, line, network } = this.#parts;
    const changed = () => this.#changed();
    this.#screen.start();
    this.#travel.start();
    hal.panel.onShow(changed);
    hal.users.onLogin(changed);
    hal.users.onLogout(changed);
    hal.restrictions.onImportExport(changed);
    hal.clock.onSntp(changed);
    hal.power.onState((state) => (state === "full-sleep" ? void this.#fallAsleep() : changed()));
    hal.power.beforeSleep(() => this.#putDown(), 5_000);
    hal.power.onRestart(() => line.tell({ kind: "restart-wanted" }));
    network.onPorts((ports) => line.tell({ kind: "listening", ports: [...ports].map(([port, path]) => ({ port, path })) }));
    network.onGroups((groups) => line.tell({ kind: "groups", groups }));
    network.onDatagram((datagram) => line.tell({ kind: "datagram", datagram }));
    line.start(this.#table(), { errorOf: controlError, beforeAnswer: () => this.#tellView() });
    line.tell({ kind: "powered", view: this.#view() });
    // Holds and the clock change without a word; the page shows them all the same.
    const poll = setInterval(changed, 1_000);
    this.#ends.push(() => clearInterval(poll));
  }

  onModule(administration: Administration | undefined): void {
    this.#acknowledged = this.#services.active?.acknowledged() ?? this.#acknowledged;
    this.#services.set(administration);
    this.#travel.onModule(administration);
    const { line } = this.#parts;
    if (administration !== undefined) {
      this.#takeStatus(administration);
      line.tell({ kind: "log", records: administration.log(), whole: true });
      administration.onStatus(() => {
        this.#takeStatus(administration);
        this.#travel.look();
        this.#viewSoon.changed(STATUS_MS);
      });
      administration.onLog((record) => line.tell({ kind: "log", records: [record], whole: false }));
    }
    this.#changed();
  }

  onResources(report: ResourceReport): void {
    this.#parts.line.tell({ kind: "resources", report });
  }

  /** Tells all that can be read once more, so that it can be read of a machine that is off. */
  async close(): Promise<void> {
    for (const end of this.#ends) end();
    this.#viewSoon.end();
    this.#travel.close();
    await this.#putDown();
    this.#parts.line.tell({ kind: "view", view: this.#view() });
    await this.#parts.line.flushed();
  }

  #table(): CallTable {
    const { hal, cable, network, setClock, settings } = this.#parts;
    const services = this.#services;
    return {
      keys: ({ keys }) => this.#press(keys),
      text: async ({ text }) => {
        await services.wait();
        hal.panel.type(text);
        return await this.#screen.settled();
      },
      login: ({ user }) => {
        hal.power.wake("key");
        return hal.users.showCard(user);
      },
      logout: async () => {
        hal.power.wake("key");
        await hal.users.logOut();
        return undefined;
      },
      energySaver: async () => {
        await hal.power.pressEnergySaver();
        return undefined;
      },
      cable: (knobs) => {
        cable.set(knobs);
        return undefined;
      },
      clock: (knobs) => {
        setClock(knobs);
        this.#toldView = "";
        this.#changed();
        return undefined;
      },
      networkSettings: (change) => settings.setNetwork(change),
      policy: (policy) => settings.setPolicy(policy),
      maxUsersPolicy: (policy) => hal.restrictions.setMaxUsersPolicy(policy),
      readItems: ({ owner }) => shownEntries(hal, owner),
      editItems: async ({ changes }) => {
        // A printer that is still starting has no pages to edit on; waiting here keeps the answer's promise simple.
        await services.wait();
        const by = hal.users.loggedIn()?.owner ?? "";
        return await services.recorded(await editEntries(hal, changes, by));
      },
      ...administrationCalls(services),
      datagram: (datagram) => {
        network.arrive(datagram);
        return undefined;
      },
    };
  }

  async #press(keys: readonly Key[]): Promise<undefined> {
    await this.#services.wait();
    for (const key of keys) {
      this.#parts.hal.panel.press(key);
      await this.#screen.settled();
    }
    return await this.#screen.settled();
  }

  #takeStatus(administration: Administration): void {
    const { deviceId, server, client } = administration.status();
    this.#status = { deviceId, server: server ?? null, client: client ?? null };
  }

  #changed(): void {
    this.#viewSoon.changed();
  }

  /** What is told already is not told again; a date that creeps counts by the second. */
  #tellView(): void {
    const view = this.#view();
    const text = JSON.stringify({ ...view, clock: [view.clock.sntp, Math.round(view.clock.aheadMs / 1_000)] });
    if (text === this.#toldView) return;
    this.#toldView = text;
    this.#parts.line.tell({ kind: "view", view });
  }

  #view(): MachineView {
    const { hal } = this.#parts;
    const user = hal.users.loggedIn();
    const active = this.#services.active;
    if (active !== undefined) this.#takeStatus(active);
    return {
      ...this.#status,
      moduleActive: active !== undefined,
      power: hal.power.state,
      holds: hal.power.holds(),
      screen: this.#screen.shown(),
      user: user === undefined ? null : { owner: user.owner, displayName: user.displayName, administrator: user.administrator },
      settings: this.#parts.settings.shown,
      importExportRunning: hal.restrictions.importExportRunning(),
      clock: { aheadMs: hal.clock.wallMs() - Date.now(), sntp: hal.clock.sntp().kind },
    };
  }

  /** What the stores look like; another text means that what was put down is stale. */
  #storesNow(): string {
    const { settings, addressBook } = this.#parts.hal;
    return JSON.stringify([
      settings.mark(),
      settings.appliedPosition(),
      addressBook.appliedPosition(),
      this.#services.active?.acknowledged(),
    ]);
  }

  async #putDown(): Promise<void> {
    const of = this.#storesNow();
    const active = this.#services.active;
    const memory: MachineMemory = {
      entries: await shownEntries(this.#parts.hal, undefined),
      acknowledged: active?.acknowledged() ?? this.#acknowledged,
      notApplied: active?.notApplied() ?? [],
    };
    this.#memoryOf = of;
    this.#parts.line.tell({ kind: "memory", memory });
  }

  /** The machine is in full sleep: as soon as what can be read is put down, the process stops itself. */
  async #fallAsleep(): Promise<void> {
    const { hal, line, stopProcess } = this.#parts;
    if (this.#memoryOf !== this.#storesNow()) await this.#putDown();
    if (hal.power.state !== "full-sleep") return;
    this.#viewSoon.end();
    this.#toldView = "";
    line.tell({ kind: "asleep", view: this.#view(), wakesOnConnection: hal.power.wakesOnConnection });
    await line.flushed();
    // Somebody may have been quicker than the sleep.
    if (hal.power.state === "full-sleep") {
      stopProcess();
      // Woken, by a connection or for a call that follows. The module hears of it before anything else.
      hal.power.wake("service");
    }
    line.tell({ kind: "awake" });
  }
}
