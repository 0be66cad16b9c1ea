/** The name of a history's record: short, and saying nothing of what it holds. */
import { createHash } from "node:crypto";

export const recordId = (storageKey: string): string => createHash("sha256").update(storageKey).digest("hex").slice(0, 16);
