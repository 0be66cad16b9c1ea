/** M32: what comes together and fares alike is few lines of the log. */
import test from "ava";
import { LIMITS } from "../../../src/model/limits.ts";
import { COMMON } from "../../../src/model/owner.ts";
import { notedTogether } from "../../../src/roles/noted-together.ts";

const address = (key: string, list: string) => ({ owner: COMMON, item: "common-address", key, value: { subdbid: list, cn: key } });
const fared = (word: string, list: string, keys: readonly string[]) => keys.map((key) => ({ word, edit: address(key, list) }));
const noted = (all: Parameters<typeof notedTogether>[0]) =>
  notedTogether(all).map(({ word, entry }) => [word, entry.called, entry.more].filter((part) => part !== undefined).join(" "));

test("M32 entries are named one by one while they are few; of more, the first is named, and how many there are besides", (t) => {
  const keys = Array.from({ length: LIMITS.logAlikeMax + 1 }, (_, n) => `k${n}`);
  const few = keys.slice(1);
  t.deepEqual(noted([]), []);
  t.deepEqual(
    noted(fared("full", "1", few)),
    few.map((key) => `full ${key}`),
  );
  t.deepEqual(noted(fared("full", "1", keys)), [`full k0 ${LIMITS.logAlikeMax}`]);
  t.deepEqual(
    noted([...fared("full", "1", keys), ...fared("full", "2", ["z"]), ...fared("superseded", "1", few)]),
    [`full k0 ${LIMITS.logAlikeMax}`, "full z", ...few.map((key) => `superseded ${key}`)],
    "another list and another reason have lines of their own",
  );
});
