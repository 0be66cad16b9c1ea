/** Mutants of the readers that guard and read in one pass: B08. */
import type { Mutant } from "./mutant.ts";

const PLAIN = "src/protocol/plain-reader.ts";
const EDIT = "src/protocol/edit-reader.ts";
const GUARD = "wire/plain-reader";

export const READING: readonly Mutant[] = [
  {
    name: "undefined-within-values",
    rules: ["B08"],
    file: PLAIN,
    find: "if (value !== undefined && this.#hasUndefined) this.lose();",
    replace: "",
    why: "a value that may not be sent on is taken from another machine",
    guard: GUARD,
  },
  {
    name: "fields-that-come-twice",
    rules: ["B08"],
    file: PLAIN,
    find: "key === PROTO || Object.hasOwn(map, key)",
    replace: "key === PROTO",
    why: "two machines read two values in the same bytes",
    guard: GUARD,
  },
  {
    name: "wide-texts-unlooked-at",
    rules: ["B08"],
    file: PLAIN,
    find: "if (!isUtf8(this.#bytes.subarray(from, to))) this.lose();",
    replace: "",
    why: "text is changed as it is read, and equal positions are not equal copies",
    guard: GUARD,
  },
  {
    name: "values-nested-to-the-edge",
    rules: ["B08"],
    file: EDIT,
    find: "const AROUND_VALUE = 2;",
    replace: "const AROUND_VALUE = 1;",
    why: "a value is taken that can be stored, and not sent on",
    guard: GUARD,
  },
  {
    name: "every-edit-by-the-first-author",
    rules: ["P7", "B02"],
    file: EDIT,
    find: "at, at + AUTHOR_END) === 0) return true;",
    replace: "at, at + 1) >= -1) return true;",
    why: "edits of several machines in one change all count as those of one",
    guard: GUARD,
  },
  {
    name: "edits-with-something-after-them",
    rules: ["B08"],
    file: EDIT,
    find: "reader.isLost || !reader.isAtEnd || ",
    replace: "reader.isLost || ",
    why: "what follows an edit is passed over by one reader and not by another",
    guard: GUARD,
  },
  {
    name: "messages-begin-as-the-last-one",
    rules: ["B08"],
    file: "src/protocol/message-reader.ts",
    find: " && isAlike(known.bytes, 0, bytes, 0, known.bytes.length)",
    replace: "",
    why: "a message of another session or epoch is read as one of this",
    guard: "wire/message-reader",
  },
  {
    name: "known-beginnings-count-nothing",
    rules: ["B08"],
    file: "src/protocol/message-reader.ts",
    find: "reader.begin(length, bytes.length, items);",
    replace: "reader.begin(length - 1, bytes.length, items);",
    why: "what comes after the known beginning is read from the wrong place, and a machine hears nothing more after its first message",
    guard: "wire/message-reader",
  },
  {
    name: "topics-beyond-their-packet",
    rules: ["B08"],
    file: "src/link/frame-guard.ts",
    find: "topicBytes + 2 <= length && ",
    replace: "",
    why: "a packet whose topic is longer than itself reaches the parser when it comes in one piece",
    guard: "link/frame-guard",
  },
];
