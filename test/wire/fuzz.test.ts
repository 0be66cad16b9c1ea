import test from "ava";
import fc from "fast-check";
import { SyncError } from "../../src/model/errors.ts";
import { inflateBlock, unpackRecords } from "../../src/protocol/block.ts";
import { decodeCbor } from "../../src/protocol/cbor.ts";
import { decodeChange, encodeChange } from "../../src/protocol/change.ts";
import { decodeDown, decodeUp, encodeDown, encodeUp } from "../../src/protocol/codec.ts";
import { decodeAccepted, decodeEdit, encodeAccepted, encodeEdit } from "../../src/protocol/edit.ts";
import { packPart, unpackPart } from "../../src/protocol/part.ts";
import { accepted, change, downBody, edit, envelope, upBody } from "./arbitrary.ts";

const SEED = 20_261_122;
/** Together about 20,000 inputs. */
const ROUNDS = 1_500;

/** One thing that goes wrong with bytes: one is changed, some are taken out, put in, or doubled, or the end is cut off. */
type Damage = (bytes: Uint8Array) => Uint8Array;
const splice = (bytes: Uint8Array, at: number, without: number, insert: ArrayLike<number>): Uint8Array =>
  Uint8Array.from([...bytes.subarray(0, at), ...Array.from(insert), ...bytes.subarray(at + without)]);
const damage: fc.Arbitrary<Damage> = fc
  .tuple(fc.constantFrom("byte", "head", "out", "in", "twice", "cut"), fc.nat(), fc.nat(255), fc.uint8Array({ minLength: 1, maxLength: 9 }))
  .map(([kind, where, byte, some]) => (bytes: Uint8Array): Uint8Array => {
    const at = where % Math.max(1, bytes.length);
    if (kind === "byte") return splice(bytes, at, 1, [byte]);
    if (kind === "head") return splice(bytes, at, 1, [(byte & 0xe0) | [0x00, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1f][byte % 7]!]);
    if (kind === "out") return splice(bytes, at, 1 + (byte % 8), []);
    if (kind === "in") return splice(bytes, at, 0, some);
    if (kind === "twice") return splice(bytes, at, 0, bytes.subarray(at, at + 1 + (byte % 40)));
    return bytes.subarray(0, at);
  });
const damages = fc.array(damage, { minLength: 1, maxLength: 3 });

/** True when the call gives a value or throws a SyncError of the two kinds; what it gave goes through `again`. */
function survives<T>(decode: () => T, again: (value: T) => unknown): boolean {
  let value: T;
  try {
    value = decode();
  } catch (error) {
    // What the guard lets through the reader can read: it is the guard that says no.
    if (error instanceof SyncError && error.message.includes("the reader")) throw error;
    if (error instanceof SyncError && (error.code === "message-malformed" || error.code === "message-too-large")) return true;
    throw error;
  }
  again(value);
  return true;
}

function survivesDamage<T>(source: fc.Arbitrary<Uint8Array>, decode: (bytes: Uint8Array) => T, again: (value: T) => unknown): void {
  fc.assert(
    fc.property(source, damages, (bytes, all) => survives(() => decode(all.reduce((hurt, one) => one(hurt), bytes)), again)),
    { seed: SEED, numRuns: ROUNDS },
  );
}

test("damaged messages of client machines give a message or a refusal, and what is given can be said again", (t) => {
  survivesDamage(
    fc.tuple(envelope, upBody).map(([around, body]) => encodeUp({ envelope: around, body })),
    decodeUp,
    encodeUp,
  );
  t.pass();
});

test("damaged messages of server machines give a message or a refusal, and what is given can be said again", (t) => {
  survivesDamage(
    fc.tuple(envelope, downBody).map(([around, body]) => encodeDown({ envelope: around, body })),
    decodeDown,
    encodeDown,
  );
  t.pass();
});

test("damaged edits give an edit or a refusal, and who is let in can be accepted, stored and sent on", (t) => {
  survivesDamage(edit.map(encodeEdit), decodeEdit, (given) => decodeAccepted(encodeAccepted({ ...given, why: "later" })));
  survivesDamage(accepted.map(encodeAccepted), decodeAccepted, (given) => decodeAccepted(encodeAccepted(given)));
  t.pass();
});

test("damaged changes and parts give what they hold or a refusal", (t) => {
  survivesDamage(change.map(encodeChange), decodeChange, encodeChange);
  const records = fc.array(fc.tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.uint8Array()), { maxLength: 5 });
  for (const form of ["rows", "columns"] as const)
    survivesDamage(
      records.map((given) => packPart(given, form)),
      unpackPart,
      (given) => packPart(given, form),
    );
  t.pass();
});

test("bytes of chance give a value or a refusal, whatever is asked to read them", (t) => {
  const readers = [
    decodeUp,
    decodeDown,
    decodeEdit,
    decodeAccepted,
    decodeChange,
    unpackRecords,
    unpackPart,
    (bytes: Uint8Array) => decodeCbor(bytes, 1_000),
    (bytes: Uint8Array) => inflateBlock(bytes, true, 10_000),
  ];
  const property = fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...readers), (bytes, read) =>
    survives<unknown>(
      () => read(bytes),
      () => undefined,
    ),
  );
  fc.assert(property, { seed: SEED, numRuns: ROUNDS });
  t.pass();
});
