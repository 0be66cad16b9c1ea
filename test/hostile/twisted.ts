/** Messages that were honest once, with some of their parts exchanged for others. */
import type { Dice } from "../fleet/random.ts";

const NUMBERS = [0, 1, 2, 7, 255, 65_536, 2 ** 31, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER] as const;
const TEXTS = ["", "user:honest2", "user:mallory", "group:1", "common", "common/11", "timeline", "\u0000", "x".repeat(300), "__proto__"];
/** How often a part is exchanged: most messages stay nearly whole, and so get far. */
const EXCHANGED = 0.06;

/** A copy of a message in which some parts are other ones of their kind. It need not be fit to be encoded. */
export function twisted<T>(message: T, dice: Dice): T {
  return twist(message, dice) as T;
}

function twist(part: unknown, dice: Dice): unknown {
  if (part instanceof Uint8Array) return dice.chance(EXCHANGED) ? damaged(part, dice) : part;
  if (Array.isArray(part)) return list(part, dice);
  if (typeof part === "object" && part !== null)
    return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, name === "kind" ? value : twist(value, dice)]));
  if (!dice.chance(EXCHANGED)) return part;
  if (typeof part === "number") return dice.chance(0.5) ? dice.pick(NUMBERS) : Math.max(0, part + dice.between(-3, 3));
  if (typeof part === "boolean") return !part;
  if (typeof part === "string") return /^[0-9a-f]{16,}$/.test(part) ? hexLike(part, dice) : dice.pick(TEXTS);
  return part;
}

function list(parts: readonly unknown[], dice: Dice): unknown[] {
  const twistedParts = parts.map((part) => twist(part, dice));
  if (!dice.chance(EXCHANGED) || parts.length === 0) return twistedParts;
  return dice.pick([
    () => [],
    () => [...twistedParts, ...twistedParts],
    () => twistedParts.slice(1),
    () => [...twistedParts].reverse(),
    () => Array.from({ length: dice.between(2, 600) }, () => twistedParts[0]),
  ])();
}

function damaged(bytes: Uint8Array, dice: Dice): Uint8Array {
  if (bytes.length === 0 || dice.chance(0.2)) return dice.bytes(dice.between(0, 200));
  const copy = Uint8Array.from(bytes);
  copy[dice.below(copy.length)] = dice.below(256);
  return dice.chance(0.3) ? copy.subarray(0, dice.below(copy.length)) : copy;
}

const hexLike = (text: string, dice: Dice): string =>
  Buffer.from(dice.bytes(text.length / 2))
    .toString("hex")
    .slice(0, text.length);

/** Whether it can be said at all: bytes that are no message are another target's matter. */
export function isMessage(say: () => unknown): boolean {
  try {
    say();
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return false;
  }
}
