import test from "ava";
import { Level } from "level";
import { writeSynced } from "../../hal/parts/level-batch.ts";
import { freshFolder } from "../fresh-folder.ts";

test("a batch is written as it is, whole or not at all; a database that is not open says so", async (t) => {
  const dir = freshFolder(t);
  const level = new Level<string, Uint8Array>(dir, { keyEncoding: "utf8", valueEncoding: "view" });
  await level.open();
  const bytes = Uint8Array.of(0, 255, 128);
  await writeSynced(level, [
    { type: "put", key: "kept", value: bytes },
    { type: "put", key: "gone", value: bytes },
    { type: "put", key: "übermäßig\u0000€", value: new Uint8Array(0) },
    { type: "del", key: "gone" },
  ]);
  t.deepEqual(await level.keys().all(), ["kept", "übermäßig\u0000€"]);
  t.deepEqual(Uint8Array.from((await level.get("kept")) ?? []), bytes);
  await level.close();
  await t.throwsAsync(writeSynced(level, [{ type: "put", key: "late", value: bytes }]), { code: "LEVEL_DATABASE_NOT_OPEN" });
});
