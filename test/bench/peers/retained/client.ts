/** A machine with a retained message for each entry: an edit is written, synced, and published; what comes is written in groups. The hub on the server is one of these. */
import { Socket } from "node:net";
import { type MqttClient, connect } from "mqtt";
import { GroupedWrites } from "../../../../hal/parts/grouped-writes.ts";
import type { EntryChange } from "../../../../src/model/entry.ts";
import type { TcpBytes } from "../../orders.ts";
import { type Keeper, type Put, jsonRecordOf } from "../keeper.ts";
import type { Role, RoleParts } from "../role.ts";

const ENTRIES = "e/";
const GROUP_BYTES_MAX = 256 * 1024;
const RETRY_MS = 20;

const topicOf = (key: string): string => `${ENTRIES}${key.replaceAll("\0", "/")}`;
const keyOf = (topic: string): string => topic.slice(ENTRIES.length).replaceAll("/", "\0");

export class RetainedClient implements Role {
  readonly recordOf = jsonRecordOf;
  readonly #parts: RoleParts;
  readonly #keeper: Keeper;
  readonly #client: MqttClient;
  readonly #writes: GroupedWrites<Put>;
  #pending = 0;

  private constructor(parts: RoleParts) {
    const { keeper, host, port, number, joining } = parts;
    this.#parts = parts;
    this.#keeper = keeper;
    this.#writes = new GroupedWrites({ write: (puts) => this.#keeper.write(puts), bytesMax: GROUP_BYTES_MAX });
    joining.connecting();
    this.#client = connect({ host, port, protocolVersion: 5, clean: true, clientId: `machine-${number}`, reconnectPeriod: RETRY_MS });
  }

  static open(parts: RoleParts): Promise<RetainedClient> {
    const role = new RetainedClient(parts);
    const client = role.#client;
    const end = `end/${parts.number}`;
    // A message of its own comes after all that were retained: nothing else says that they have come.
    client.on("connect", () => {
      client.subscribe([`${ENTRIES}#`], { qos: 1, nl: true });
      client.subscribe([end], { qos: 1 });
      client.publish(end, "", { qos: 1 });
    });
    client.on("message", (topic, payload) => {
      if (topic === end) void role.#joined();
      else void role.#writes.add([{ key: keyOf(topic), value: payload }], topic.length + payload.length);
    });
    return Promise.resolve(role);
  }

  get pending(): number {
    return this.#pending;
  }

  get tcp(): TcpBytes {
    const { stream } = this.#client;
    return stream instanceof Socket ? { received: stream.bytesRead, sent: stream.bytesWritten } : { received: 0, sent: 0 };
  }

  async load(batches: Iterable<readonly Put[]>): Promise<void> {
    for (const puts of batches) {
      await this.#keeper.write(puts);
      await Promise.all(puts.map((put) => this.#publish(put)));
    }
  }

  async edit(change: EntryChange): Promise<void> {
    const put = jsonRecordOf(change);
    this.#pending += 1;
    await this.#writes.add([put], put.key.length + put.value.length);
    void this.#publish(put).then(() => {
      this.#pending -= 1;
    });
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
    await this.#writes.idle();
  }

  async #joined(): Promise<void> {
    await this.#writes.idle();
    this.#parts.joining.joined(this.tcp);
  }

  async #publish({ key, value }: Put): Promise<void> {
    await this.#client.publishAsync(topicOf(key), Buffer.from(value), { qos: 1, retain: true });
  }
}
