/** What the printer itself reads and writes: entries of its users, groups and common lists. */
import type { EntryChange } from "../../../../src/model/entry.ts";
import { itemOf } from "../../../../src/model/item.ts";
import { LIMITS } from "../../../../src/model/limits.ts";
import { type Owner, ownerParts } from "../../../../src/model/owner.ts";
import { isFields, type Value } from "../../../../src/model/value.ts";
import { faultOfValue } from "../../../../src/model/value-fault.ts";
import type { ShownEntry } from "../../control.ts";
import type { DeskMachine } from "../desk-machine.ts";
import type { Desk } from "../desk.ts";
import { Fields, listOf } from "../http/fields.ts";
import { ownerOf } from "../http/owners.ts";
import { Problem } from "../http/problem.ts";
import { type Route, json } from "../http/router.ts";
import { machineOf } from "./context.ts";

const EDITS_MAX = 10_000;

export const itemRoutes = (desk: Desk): readonly Route[] => [
  {
    method: "GET",
    path: "/api/machines/:number/items",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const owner = request.query.get("owner");
      return json(await itemsOf(machine, owner === null ? undefined : ownerOf(owner, "owner")));
    },
  },
  {
    method: "PUT",
    path: "/api/machines/:number/items",
    answer: async (request) => {
      const machine = machineOf(desk, request);
      const body = listOf(await request.json(), "", EDITS_MAX);
      const changes = body.map((raw, index) => changeOf(raw, `[${index}]`));
      const numbers = changes.length === 0 ? [] : await machine.call("editItems", { changes });
      return json({ edits: numbers.map((number) => ({ number })) });
    },
  },
];

/** A machine that sleeps or was switched off is not disturbed: it has put down what it holds. */
async function itemsOf(machine: DeskMachine, owner: Owner | undefined): Promise<readonly ShownEntry[]> {
  if (machine.phase === "on" || machine.phase === "starting") return await machine.call("readItems", { owner });
  const { memory } = machine.knowledge;
  if (memory === undefined)
    throw new Problem(409, "machine-off", `machine ${machine.facts.number} lost its power; what it holds can be read when it is on again`);
  return owner === undefined ? memory.entries : memory.entries.filter((entry) => entry.owner === owner);
}

function changeOf(raw: unknown, path: string): EntryChange {
  const fields = Fields.of(raw, path, ["owner", "item", "key", "value"]);
  const owner = ownerOf(fields.text("owner"), `${path}.owner`);
  const item = fields.text("item");
  const definition = itemOf(item);
  if (definition === undefined)
    throw new Problem(400, "unknown-item", `${path}.item: there is no item ${JSON.stringify(item).slice(0, 100)}`);
  const { kind } = ownerParts(owner);
  if (kind !== definition.ownedBy)
    throw fields.fault(
      "owner",
      `${item} belongs to ${definition.ownedBy === "common" ? "common" : `a ${definition.ownedBy}`}, not to ${owner}`,
    );
  const key = fields.has("key") ? fields.text("key") : "";
  const fault = keyFault(definition.keys, key);
  if (fault !== undefined) throw fields.fault("key", fault);
  const value = givenValue(fields);
  const wrong = value === undefined ? undefined : definition.fault(value);
  if (wrong !== undefined) throw fields.fault("value", wrong);
  // What a GET says of a password is no password.
  const hidden = isFields(value) ? definition.secretFields.find((name) => isFields(value[name])) : undefined;
  if (hidden !== undefined) throw fields.fault(`value.${hidden}`, "only says that there is one; leave it out, or give the text");
  return { owner, item, key, value };
}

function keyFault(keys: "single" | "many" | "either", key: string): string | undefined {
  if (keys === "single") return key === "" ? undefined : 'this item has one value, and its key is ""';
  if (key === "") return keys === "either" ? undefined : `must have 1 to ${LIMITS.keyCharactersMax} characters`;
  return key.length <= LIMITS.keyCharactersMax && key.isWellFormed()
    ? undefined
    : `must have at most ${LIMITS.keyCharactersMax} characters, of which one beyond U+FFFF counts as two`;
}

/** null deletes; what JSON gives is a value otherwise. */
function givenValue(fields: Fields): Value | undefined {
  const raw = fields.raw("value");
  if (raw === undefined) throw fields.fault("value", "is missing; null deletes the entry");
  // A printer sets nothing that could not travel; and what is nested without end would not even reach the machine's process.
  const unfit = faultOfValue(raw);
  if (unfit !== undefined) throw fields.fault("value", unfit);
  return raw === null ? undefined : (raw as Value);
}
