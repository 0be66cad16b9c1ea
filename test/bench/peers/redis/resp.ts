/** What Redis speaks: commands out, replies in, in the same order. */
import { type Socket, connect } from "node:net";
import type { Address } from "../../subject.ts";

/** null: there is none. */
export type Reply = Buffer | number | null | readonly Reply[];

const CRLF = 2;

export class RedisLine {
  readonly socket: Socket;
  readonly #waiting: { readonly resolve: (reply: Reply) => void; readonly reject: (cause: Error) => void }[] = [];
  readonly #reader = repliesIn();

  private constructor(socket: Socket) {
    this.socket = socket;
    this.#reader.next();
  }

  /** Resolves when connected. After an end every command rejects. */
  static async open(address: Address): Promise<RedisLine> {
    const socket = connect({ host: address.host, port: address.port, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    const line = new RedisLine(socket);
    socket.on("data", (bytes: Buffer) => line.#take(bytes));
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      for (const { reject } of line.#waiting.splice(0)) reject(new Error("the connection to Redis has ended"));
    });
    return line;
  }

  /** Commands may be given before earlier ones are answered. */
  command(...parts: readonly (string | Uint8Array)[]): Promise<Reply> {
    if (this.socket.destroyed) return Promise.reject(new Error("the connection to Redis has ended"));
    const pieces: Uint8Array[] = [Buffer.from(`*${parts.length}\r\n`)];
    for (const part of parts) {
      const bytes = typeof part === "string" ? Buffer.from(part) : part;
      pieces.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from("\r\n"));
    }
    this.socket.write(Buffer.concat(pieces));
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #take(bytes: Buffer): void {
    // One piece may end several replies: an empty one asks for the next.
    for (let step = this.#reader.next(bytes); step.value !== undefined; step = this.#reader.next(Buffer.alloc(0))) {
      const waiting = this.#waiting.shift();
      if (step.value instanceof Error) waiting?.reject(step.value);
      else waiting?.resolve(step.value.reply);
    }
  }
}

type Step = { readonly reply: Reply } | Error | undefined;

/** Takes bytes, gives a reply, or undefined when it needs more bytes for one. What was read of a reply is not read again. */
function* repliesIn(): Generator<Step, never, Buffer> {
  const input = new Input();
  input.add(yield undefined);
  for (;;) {
    const reply = yield* value(input);
    input.add(yield reply instanceof Error ? reply : { reply });
  }
}

function* value(input: Input): Generator<Step, Reply | Error, Buffer> {
  const head = yield* input.line();
  const rest = head.slice(1);
  switch (head[0]) {
    case "+":
      return Buffer.from(rest);
    case "-":
      return new Error(rest);
    case ":":
      return Number(rest);
    case "$":
      return rest === "-1" ? null : yield* input.bytes(Number(rest));
    default: {
      if (rest === "-1") return null;
      const many: Reply[] = [];
      for (let left = Number(rest); left > 0; left -= 1) {
        const each = yield* value(input);
        if (each instanceof Error) return each;
        many.push(each);
      }
      return many;
    }
  }
}

class Input {
  #unread: Buffer = Buffer.alloc(0);
  #at = 0;

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#unread = this.#at === this.#unread.length ? bytes : Buffer.concat([this.#unread.subarray(this.#at), bytes]);
    this.#at = 0;
  }

  *line(): Generator<Step, string, Buffer> {
    for (;;) {
      const end = this.#unread.indexOf("\r\n", this.#at);
      if (end >= 0) {
        const text = this.#unread.toString("latin1", this.#at, end);
        this.#at = end + CRLF;
        return text;
      }
      this.add(yield undefined);
    }
  }

  *bytes(length: number): Generator<Step, Buffer, Buffer> {
    while (this.#unread.length - this.#at < length + CRLF) this.add(yield undefined);
    const bytes = this.#unread.subarray(this.#at, this.#at + length);
    this.#at += length + CRLF;
    return bytes;
  }
}
