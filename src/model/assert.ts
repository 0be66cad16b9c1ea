/** For what must be true unless we are wrong ourselves: these throw, and nothing catches them on purpose. */

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}

export function must<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new Error(`assertion failed: ${message}`);
  return value;
}

export function unreachable(value: never): never {
  throw new Error(`assertion failed: unexpected ${JSON.stringify(value)}`);
}
