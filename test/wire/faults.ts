/** What foreign bytes may lead to: a value, or a SyncError. */
import type { ExecutionContext } from "ava";
import { SyncError } from "../../src/model/errors.ts";

/** The SyncError that the call throws; anything else that comes of it fails the test. */
export function fault(t: ExecutionContext, call: () => unknown, what = "refused"): SyncError {
  try {
    call();
  } catch (error) {
    if (error instanceof SyncError) return error;
    throw error;
  }
  t.fail(`not ${what}`);
  return new SyncError("message-malformed", "not thrown");
}

export const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));

/** An element in a title: short, and different for different ones. */
export function shown(element: unknown): string {
  if (element instanceof Uint8Array) return `${element.length} bytes`;
  if (Array.isArray(element)) return element.length > 5 ? `${element.length} elements` : `[${element.map(shown).join(", ")}]`;
  return typeof element === "string" && element.length > 40 ? `text of ${element.length}` : (JSON.stringify(element) ?? "undefined");
}
