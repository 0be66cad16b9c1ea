/** A folder of a memory file system, where writes do not count as written to a disk. */
import { existsSync, mkdtempSync, statfsSync } from "node:fs";
import { join } from "node:path";

const SHARED_MEMORY = "/dev/shm";
/** What Linux calls tmpfs. */
const TMPFS_MAGIC = 0x01021994;

export const storesApartMissing = (): string | undefined =>
  existsSync(SHARED_MEMORY) && statfsSync(SHARED_MEMORY).type === TMPFS_MAGIC
    ? undefined
    : `there is no memory file system at ${SHARED_MEMORY} for the printers' own stores`;

export const memoryFolder = (): string => mkdtempSync(join(SHARED_MEMORY, "bench-stores-"));
