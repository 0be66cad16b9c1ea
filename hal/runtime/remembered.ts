/**
 * What the runtime remembers over a power cycle, in one small file: whether the module was started (a started one comes
 * back, a stopped one does not), and the highest security counter, below which nothing is installed any more.
 */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Manifest } from "./manifest.ts";
import { isMissing } from "./missing.ts";
import { Refused } from "./refused.ts";

export interface Remembered {
  readonly applicationId: string;
  readonly started: boolean;
  readonly securityCounter: number;
}

export interface Memory {
  /** Whether the module is to be started at this power-on. */
  readonly started: boolean;
  /** Durable when it resolves. */
  keep(started: boolean): Promise<void>;
}

/** The memory of the data folder for this manifest. Throws a Refused when it is another module's, or a newer one's. */
export async function openMemory(
  path: string,
  manifest: Pick<Manifest, "applicationId" | "securityCounter" | "lifecycle">,
): Promise<Memory> {
  const { applicationId, securityCounter } = manifest;
  const before = await recall(path);
  if (before !== undefined && before.applicationId !== applicationId) {
    throw new Refused(`${dirname(path)} belongs to another application, ${before.applicationId}`);
  }
  if (before !== undefined && before.securityCounter > securityCounter) {
    throw new Refused(
      `the module has security counter ${securityCounter}; ${before.securityCounter} was installed here, and nothing lower is taken`,
    );
  }
  let kept = before;
  return {
    started: before?.started ?? manifest.lifecycle.autoStart,
    async keep(started) {
      // At most starts there is nothing new: they wait for no disk, and wear none.
      if (kept?.started === started && kept.securityCounter === securityCounter) return;
      const remembered = { applicationId, started, securityCounter };
      kept = undefined;
      await remember(path, remembered);
      kept = remembered;
    },
  };
}

/**
 * Reads the file; undefined when there is none yet. A file that cannot be read as what it is (a medium that lies about
 * fsync) throws: whoever administers the machine decides, instead of a stopped module that comes back by itself.
 */
export async function recall(path: string): Promise<Remembered | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw cause;
  }
  const remembered = decode(text);
  if (remembered === undefined) throw new Refused(`${path} is damaged; delete it to go by the manifest's autoStart again`);
  return remembered;
}

function decode(text: string): Remembered | undefined {
  const parsed = parse(text);
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { applicationId, started, securityCounter } = parsed as Partial<Record<keyof Remembered, unknown>>;
  if (typeof applicationId !== "string" || typeof started !== "boolean" || !Number.isSafeInteger(securityCounter)) return undefined;
  return { applicationId, started, securityCounter: Number(securityCounter) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

/** Durable when it resolves: a new file, synced, takes the place of the old one, and the folder is synced too. */
export async function remember(path: string, remembered: Remembered): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const draft = join(folder, ".runtime-state.draft");
  await synced(draft, "w", (file) => file.writeFile(`${JSON.stringify(remembered)}\n`));
  await rename(draft, path);
  await synced(folder, "r", async () => undefined);
}

async function synced(path: string, flags: string, act: (file: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await act(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
