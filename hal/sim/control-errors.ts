/** What went wrong in a call, as it travels to the desk. */
import { SyncError } from "../../src/model/errors.ts";
import type { ControlError } from "./control.ts";
import { NotActive } from "./control-services.ts";

export function controlError(error: unknown): ControlError {
  if (error instanceof SyncError) return { code: error.code, message: error.message };
  if (error instanceof NotActive) return { code: "not-active", message: error.message };
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
