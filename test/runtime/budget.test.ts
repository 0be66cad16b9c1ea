import { readFileSync } from "node:fs";
import test from "ava";
import { BUDGETS, admit, declaredResources, shortageText } from "../../hal/runtime/budget.ts";
import { type Manifest, decodeManifest } from "../../hal/runtime/manifest.ts";

const MANIFEST = decodeManifest(readFileSync("device-manifest.json", "utf8"), "device-manifest.json");
const REFUSING: Manifest = { ...MANIFEST, onExhaustion: "refuse" };

test("on a machine with a hard disk that runs nothing else, both functions fit", (t) => {
  const admission = admit(MANIFEST, "hdd", {});
  t.like(admission, { kind: "fits", profile: "hdd", roles: ["server", "client"] });
});

test("on a flash model it is a client only", (t) => {
  t.like(admit(MANIFEST, "flash", {}), { kind: "fits", profile: "flash", roles: ["client"] });
});

test("what the profile does not name is taken from the general figures", (t) => {
  const flash = declaredResources(MANIFEST, "flash");
  t.is(flash.threads, MANIFEST.resources.maximumThreadUsage);
  t.deepEqual([flash.memoryKb], [MANIFEST.resourceProfiles.flash.maximumMemoryUsageKb]);
});

test("beside other modules that leave too little, it starts as a client where the manifest agrees", (t) => {
  const inUse = { memoryKb: BUDGETS.hdd.memoryKb - declaredResources(MANIFEST, "hdd").memoryKb + 1 } as const;
  t.like(admit(MANIFEST, "hdd", inUse), { kind: "fits", profile: "flash", roles: ["client"] });
  t.is(admit(REFUSING, "hdd", inUse).kind, "refused");
});

test("exactly enough is enough, one more is not", (t) => {
  const free = BUDGETS.flash.sockets - declaredResources(MANIFEST, "flash").sockets;
  t.is(admit(MANIFEST, "flash", { sockets: free }).kind, "fits");
  const refused = admit(MANIFEST, "flash", { sockets: free + 1 });
  t.is(refused.kind, "refused");
  if (refused.kind === "refused") t.regex(refused.shortages.map(shortageText).join(), /^sockets: 16 declared, 15 free$/);
});

test("every shortage is told", (t) => {
  const refused = admit(MANIFEST, "flash", { sockets: 10_000, memoryKb: 10_000_000 });
  t.is(refused.kind, "refused");
  if (refused.kind === "refused")
    t.deepEqual(
      refused.shortages.map(({ resource }) => resource),
      ["memoryKb", "sockets"],
    );
});
