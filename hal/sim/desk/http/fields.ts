/** Reads what clients send, field by field; what is wrong is named with its path. */
import { type Problem, malformed } from "./problem.ts";

export type Raw = Readonly<Record<string, unknown>>;

export class Fields {
  readonly #raw: Raw;
  readonly #path: string;

  private constructor(raw: Raw, path: string) {
    this.#raw = raw;
    this.#path = path;
  }

  /** Throws a Problem for anything but an object, and for fields that are not among the known ones. */
  static of(raw: unknown, path: string, known: readonly string[]): Fields {
    if (!isObject(raw)) throw malformed(`${path === "" ? "the body" : path}: must be an object`);
    const stranger = Object.keys(raw).find((name) => !known.includes(name));
    if (stranger !== undefined) throw malformed(`${joined(path, stranger)}: unknown field; known are ${known.join(", ")}`);
    return new Fields(raw, path);
  }

  has(name: string): boolean {
    return this.#raw[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.#raw[name];
  }

  text(name: string, lengthMax = 1_000): string {
    const value = this.#raw[name];
    if (typeof value !== "string" || value.length > lengthMax) throw this.fault(name, `must be a text of at most ${lengthMax} characters`);
    return value;
  }

  textOrNull(name: string, lengthMax = 1_000): string | null {
    return this.#raw[name] === null ? null : this.text(name, lengthMax);
  }

  flag(name: string, otherwise?: boolean): boolean {
    const value = this.#raw[name] ?? otherwise;
    if (typeof value !== "boolean") throw this.fault(name, "must be true or false");
    return value;
  }

  number(name: string, { min, max, otherwise }: { readonly min: number; readonly max: number; readonly otherwise?: number }): number {
    const value = this.#raw[name] ?? otherwise;
    if (typeof value !== "number" || !(value >= min && value <= max)) throw this.fault(name, `must be a number from ${min} to ${max}`);
    return value;
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T {
    const value = this.#raw[name];
    const word = words.find((each) => each === value);
    if (word === undefined) throw this.fault(name, `must be one of ${words.join(", ")}`);
    return word;
  }

  list(name: string, lengthMax = 10_000): readonly unknown[] {
    return listOf(this.#raw[name], joined(this.#path, name), lengthMax);
  }

  texts(name: string): readonly string[] {
    return this.list(name).map((each, index) => {
      if (typeof each !== "string" || each.length > 1_000) throw this.fault(`${name}[${index}]`, "must be a text");
      return each;
    });
  }

  fault(name: string, what: string): Problem {
    return malformed(`${joined(this.#path, name)}: ${what}`);
  }
}

export function listOf(raw: unknown, path: string, lengthMax: number): readonly unknown[] {
  if (!Array.isArray(raw)) throw malformed(`${path === "" ? "the body" : path}: must be a list`);
  if (raw.length > lengthMax)
    throw malformed(`${path === "" ? "the body" : path}: has ${raw.length} elements, at most ${lengthMax} are taken`);
  return raw;
}

const isObject = (raw: unknown): raw is Raw => typeof raw === "object" && raw !== null && !Array.isArray(raw);
const joined = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
