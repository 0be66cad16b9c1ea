/** Mutants of how a machine's connection is read and kept: B08. */
import type { Mutant } from "./mutant.ts";

const PACKETS = "src/link/mqtt-framing.ts";
const SERVER = "src/link/mqtt-server.ts";
const SESSION = "src/link/machine-mqtt.ts";

export const CONNECTING: readonly Mutant[] = [
  {
    name: "fields-beyond-their-packet",
    rules: ["B08"],
    file: PACKETS,
    find: "if (at > this.#end) throw",
    replace: "if (at > this.#bytes.length + 1) throw",
    why: "a field is read beyond the end of its packet",
    guard: "link/mqtt-packets",
  },
  {
    name: "packets-longer-than-their-fields",
    rules: ["B08"],
    file: PACKETS,
    find: "if (fields.left > 0) throw",
    replace: "if (fields.left > 99) throw",
    why: "what stands behind the fields of a packet is passed over",
    guard: "link/mqtt-packets",
  },
  {
    name: "pieces-one-byte-late",
    rules: ["B08"],
    file: PACKETS,
    find: "this.#needed = end === undefined ? this.#held + 1 : end - at;",
    replace: "this.#needed = end === undefined ? rest.length + 2 : end - at;",
    why: "a packet that comes in pieces waits for the next one",
    guard: "link/mqtt-packets",
  },
  {
    name: "silence-is-never-over",
    rules: ["B08"],
    file: SERVER,
    find: "this.#patienceMs = 1_500 * keepAliveS;",
    replace: "this.#patienceMs = 15_000 * keepAliveS;",
    why: "a machine that is gone is taken for one that is there",
    guard: "unit/link/mqtt-server",
  },
  {
    name: "no-promise-of-a-sign-of-life",
    rules: ["B08"],
    file: SERVER,
    find: "keepAliveS === 0 ||",
    replace: "keepAliveS < 0 ||",
    why: "a machine comes in whose end nobody would notice",
    guard: "unit/link/mqtt-server",
  },
  {
    name: "refused-and-heard",
    rules: ["B08"],
    file: SERVER,
    find: '    this.#state = "over";\n    end();',
    replace: "    end();",
    why: "a machine that was refused is heard all the same",
    guard: "unit/link/mqtt-server",
  },
  {
    name: "nobody-is-asked-for-a-sign-of-life",
    rules: ["B08"],
    file: SESSION,
    find: "if (!this.#isHeard) return this.#fail(",
    replace: "if (this.#why !== undefined) return this.#fail(",
    why: "a client machine goes on listening to a server machine that is gone",
    guard: "link/machine-mqtt",
  },
  {
    name: "fewer-topics-than-asked-for",
    rules: ["B08", "M26"],
    file: "src/link/mqtt-session.ts",
    find: "if (granted.length !== subscriptions.length + eitherOf.length) return false;",
    replace: "if (granted.length < subscriptions.length) return false;",
    why: "a machine counts as connected that hears not all that is said to it",
    guard: "link/subscriptions",
  },
  {
    name: "waits-for-a-grant-without-end",
    rules: ["B08"],
    file: SESSION,
    find: '"aborted" || this.#isGranted) return;',
    replace: '"aborted" || !this.#isOver) return;',
    why: "a client machine speaks for ever to a server machine that neither lets it in nor says why",
    guard: "link/machine-mqtt",
  },
  {
    name: "not-let-in-and-not-told-why",
    rules: ["M02", "B08"],
    file: SESSION,
    find: "return packet.code === ACCEPTED ? undefined : this.#fail({ code: packet.code });",
    replace: "return packet.code === ACCEPTED ? undefined : this.drop();",
    why: "a machine that was put out does not hear that, and dials again at once",
    guard: "link/machine-mqtt",
  },
];
