/** A request as a route sees it. The body is read only when a route asks for it, and never beyond its limit. */
import type { IncomingMessage } from "node:http";
import { Problem, malformed } from "./problem.ts";

const JSON_BYTES_MAX = 8 * 1024 * 1024;

export class ApiRequest {
  readonly query: URLSearchParams;
  readonly incoming: IncomingMessage;
  readonly #params: ReadonlyMap<string, string>;

  constructor(incoming: IncomingMessage, query: URLSearchParams, params: ReadonlyMap<string, string>) {
    this.incoming = incoming;
    this.query = query;
    this.#params = params;
  }

  /** The part of the path that stands for `:name`, decoded. */
  param(name: string): string {
    return this.#params.get(name) ?? "";
  }

  /** Throws a Problem for a body that is no JSON, with the place where the reader stumbled when it says so. */
  async json(): Promise<unknown> {
    const text = decoded(await this.bytes(JSON_BYTES_MAX));
    if (text.trim() === "") throw malformed("the body is empty; JSON is expected");
    try {
      return JSON.parse(text);
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause;
      throw new Problem(400, "json-malformed", `the body is not JSON: ${cause.message}`);
    }
  }

  async bytes(bytesMax: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const tooLarge = () => new Problem(413, "too-large", `the body has more than ${bytesMax} bytes`);
    if (Number(this.incoming.headers["content-length"] ?? 0) > bytesMax) throw tooLarge();
    for await (const chunk of this.incoming) {
      const bytes: Uint8Array = chunk;
      length += bytes.byteLength;
      if (length > bytesMax) throw tooLarge();
      chunks.push(bytes);
    }
    return Buffer.concat(chunks);
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new Problem(400, "json-malformed", "the body is not UTF-8");
  }
}
