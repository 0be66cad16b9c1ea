import test from "ava";
import { SyncError } from "../../../src/model/errors.ts";

/** What another bundle throws: the same name and code, of a class that is not ours. */
class Foreign extends Error {
  readonly code: string;
  constructor(name: string, code: string) {
    super("foreign");
    this.name = name;
    this.code = code;
  }
}

test("an error of a provider's bundle is a SyncError in the module's bundle", (t) => {
  t.true(new Foreign("SyncError", "hal-unavailable") instanceof SyncError);
  t.true(new SyncError("hal-full", "disk") instanceof SyncError);
});

test("what only resembles one is none: another name, an unknown code, no error at all", (t) => {
  t.false(new Foreign("Error", "hal-unavailable") instanceof SyncError);
  t.false(new Foreign("SyncError", "ECONNREFUSED") instanceof SyncError);
  t.false({ name: "SyncError", code: "hal-full" } instanceof SyncError);
});
