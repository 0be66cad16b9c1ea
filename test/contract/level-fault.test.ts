import test from "ava";
import { levelError } from "../../hal/parts/level-fault.ts";

const levelled = (code: string, text: string, cause?: Error): Error => Object.assign(new Error(text, { cause }), { code });
const io = (text: string): Error => levelled("LEVEL_IO_ERROR", `IO error: /data/000008.ldb: ${text}`);
const notOpen = (cause?: Error): Error => levelled("LEVEL_DATABASE_NOT_OPEN", "Database failed to open", cause);

const TABLE = [
  [notOpen(io("No space left on device")), "hal-full", /it works again once there is space/],
  [notOpen(io("Read-only file system")), "hal-broken", /Read-only file system/],
  [notOpen(levelled("LEVEL_LOCKED", "lock /data/LOCK: already held by process")), "hal-unavailable", /another process/],
  [notOpen(), "hal-unavailable", /closed meanwhile/],
  [io("Input/output error"), "hal-broken", /Input\/output error/],
] as const;

for (const [error, code, text] of TABLE) {
  test(`${error.message}, for ${String(error.cause)}, is told as ${code}`, (t) => {
    const told = levelError("opening the storage", error);
    t.is(told.code, code);
    t.regex(told.message, text);
  });
}
