import test from "ava";
import { MemoryMedium, MemoryStorage } from "../../../hal/sim/memory-storage.ts";
import { deviceId } from "../../../src/model/ids.ts";
import { LIMITS } from "../../../src/model/limits.ts";
import { encodeCbor } from "../../../src/protocol/cbor.ts";
import { formerServers, noteFormerServer } from "../../../src/store/former-servers.ts";
import { COPY_OF } from "../../../src/store/keys.ts";
import { notePredecessors, noteTold, readPredecessors, withPredecessor } from "../../../src/store/predecessor.ts";

const device = (n: number) => deviceId(n.toString(16).padStart(32, "0"));
const at = (n: number) => ({ server: device(n), destination: `10.0.0.${n}` });
const storage = (): MemoryStorage => new MemoryStorage(new MemoryMedium());
const copyOf = (fleet: number) => ({ key: COPY_OF, value: Uint8Array.of(fleet) });

test("B06 a store from before has one predecessor; those that served before it follow, and each is told on its own", async (t) => {
  const disk = storage();
  t.deepEqual(await readPredecessors(disk), []);
  for (const row of [
    [device(1), "10.0.0.1"],
    [device(1), "10.0.0.1", false],
  ]) {
    await disk.write([{ key: "s/predecessor", value: encodeCbor(row) }]);
    t.deepEqual(await readPredecessors(disk), [{ ...at(1), isTold: false }]);
  }
  await disk.write([notePredecessors([1, 2, 3].map((n) => ({ ...at(n), isTold: false })) as never)]);
  const all = await readPredecessors(disk);
  await disk.write(noteTold(all, { ...at(2), isTold: false }));
  t.deepEqual(
    (await readPredecessors(disk)).map(({ server, isTold }) => [server, isTold]),
    [
      [device(1), false],
      [device(2), true],
      [device(3), false],
    ],
  );
});

test("B06 a machine remembers the servers of its fleet that it left, the last one first, once each, as many as there can be", async (t) => {
  const disk = storage();
  await noteFormerServer(disk, at(1));
  t.deepEqual(await formerServers(disk), [], "none where it never had a copy");
  await disk.write([copyOf(7)]);
  for (let n = 1; n <= LIMITS.formerServersMax + 2; n += 1) await noteFormerServer(disk, at(n));
  await noteFormerServer(disk, at(5));
  const kept = await formerServers(disk);
  t.deepEqual(kept.slice(0, 2), [at(5), at(LIMITS.formerServersMax + 2)]);
  t.is(kept.length, LIMITS.formerServersMax);
  t.is(new Set(kept.map(({ server }) => server)).size, kept.length);
  await disk.write([copyOf(8)]);
  t.deepEqual(await formerServers(disk), [], "those of another fleet are nobody's predecessors");
});

test("B06 who served last comes first, once, before so many who served before; that one of them was told is kept", (t) => {
  const before = [1, 2, 3].map((n) => ({ ...at(n), isTold: n !== 2 }));
  const last = { ...at(2), destination: "moved", isTold: false };
  t.deepEqual(withPredecessor(before, last), [last, { ...at(1), isTold: true }, { ...at(3), isTold: true }]);
  const many = Array.from({ length: LIMITS.formerServersMax + 3 }, (_, index) => ({ ...at(index + 10), isTold: false }));
  const all = withPredecessor(many, last);
  t.deepEqual([all.length, all[0]], [LIMITS.formerServersMax + 1, last]);
  t.deepEqual(all.slice(1), many.slice(0, LIMITS.formerServersMax));
});
