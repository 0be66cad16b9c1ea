import { readFileSync } from "node:fs";
import test from "ava";
import { SCHEMA_FILE, schemaText } from "../../build/manifest-schema.ts";
import { CAPABILITIES } from "../../hal/capabilities.ts";
import { decodeManifest } from "../../hal/runtime/manifest.ts";
import { LIMITS } from "../../src/model/limits.ts";

const TEXT = readFileSync("device-manifest.json", "utf8");
const read = (text = TEXT) => decodeManifest(text, "m.json");

/** The manifest with one thing changed. */
function changed(change: (manifest: Record<string, unknown>) => void): string {
  const manifest: Record<string, unknown> = JSON.parse(TEXT);
  change(manifest);
  return JSON.stringify(manifest);
}

test("the manifest of this repository is good, and says what the sources say", (t) => {
  const manifest = read();
  const { version }: { version: string } = JSON.parse(readFileSync("package.json", "utf8"));
  t.is(manifest.bundleVersion, version);
  t.is(manifest.limits.machines, LIMITS.machinesMax);
  t.is(manifest.limits.users, LIMITS.usersMax);
  t.deepEqual([...manifest.hal.requires, ...manifest.hal.optional].sort(), [...CAPABILITIES].sort());
});

test("every interface that the Hal hands out is a capability, and the other way round", (t) => {
  const [, body = ""] = /export interface Hal \{([^}]*)\}/.exec(readFileSync("hal/hal.ts", "utf8")) ?? [];
  const names = [...body.matchAll(/readonly (\w+):/g)].map(([, name = ""]) =>
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  );
  t.deepEqual(names.sort(), CAPABILITIES.map((capability) => capability.split("@")[0] ?? "").sort());
});

test("the JSON schema for editors says the same as the runtime (node build/run.mjs manifest-schema writes it)", (t) => {
  t.is(readFileSync(SCHEMA_FILE, "utf8"), schemaText());
});

const BAD: readonly [title: string, text: string, message: RegExp][] = [
  ["is not JSON", "{", /m\.json is not JSON/],
  ["is an array", "[]", /\(whole\)|manifestVersion|Expected/],
  ["misspells a key", changed((m) => Object.assign(m, { bundelName: "x" })), /bundelName: unknown key/],
  [
    "misspells a key deep inside",
    changed((m) => Object.assign(m.lifecycle ?? {}, { stopTimoutMs: 1 })),
    /lifecycle\.stopTimoutMs: unknown key/,
  ],
  ["lacks a key", changed((m) => delete m.applicationId), /applicationId: is missing/],
  ["has another manifest version", changed((m) => Object.assign(m, { manifestVersion: 2 })), /manifestVersion: .*Expected 1/],
  ["has a negative figure", changed((m) => Object.assign(m.resources ?? {}, { maximumThreadUsage: -1 })), /resources\.maximumThreadUsage/],
  ["has half a thread", changed((m) => Object.assign(m.resources ?? {}, { maximumThreadUsage: 1.5 })), /resources\.maximumThreadUsage/],
  [
    "names a file outside of its folder",
    changed((m) => Object.assign(m, { entry: { file: "../module.mjs" } })),
    /entry\.file: must be a plain file name/,
  ],
  [
    "names an absolute file",
    changed((m) => Object.assign(m, { entry: { file: "/etc/passwd" } })),
    /entry\.file: must be a plain file name/,
  ],
  ["stops without end", changed((m) => Object.assign(m.lifecycle ?? {}, { stopTimeoutMs: 3_600_000 })), /lifecycle\.stopTimeoutMs/],
  [
    "asks for a capability without a version",
    changed((m) => Object.assign(m.hal ?? {}, { requires: ["panel"] })),
    /hal\.requires\.0: must be like/,
  ],
  [
    "asks for a capability twice",
    changed((m) => Object.assign(m.hal ?? {}, { optional: ["panel@1"] })),
    /hal: a capability is named twice/,
  ],
  [
    "permits what it does not ask for",
    changed((m) => Object.assign(m.hal ?? {}, { requires: [] })),
    /hal\.permissions: address-book@1 is neither/,
  ],
  [
    "has its protocol versions the wrong way round",
    changed((m) => Object.assign(m, { protocol: { name: "p", versions: [2, 1] } })),
    /protocol\.versions: must be \[oldest, newest\]/,
  ],
  [
    "lists files without its entry",
    changed((m) => Object.assign(m, { files: [{ path: "a.mjs", size: 1, sha256: "0".repeat(64) }] })),
    /files: module\.mjs, the entry, is missing/,
  ],
];

for (const [title, text, message] of BAD) {
  test(`a manifest that ${title} is refused, and the field is named`, (t) => {
    t.throws(() => read(text), { message });
  });
}

test("all faults of a manifest are told at once", (t) => {
  const text = changed((m) => {
    delete m.bundleName;
    m.extra = 1;
  });
  const error = t.throws(() => read(text));
  t.regex(error.message, /bundleName/);
  t.regex(error.message, /extra/);
});
