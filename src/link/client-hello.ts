/** Reads one thing from the first bytes of a TLS connection: the application protocols that the client offers (RFC 7301). */

/** A ClientHello is a few hundred bytes, some 2 kB with post-quantum keys; one record holds at most 16 KiB. */
const CLIENT_HELLO_BYTES_MAX = 5 + 16_384;

const RECORD_HANDSHAKE = 22;
const CLIENT_HELLO = 1;
const ALPN = 16;

/**
 * "more": the first record is not complete yet. "not-tls": this is no ClientHello. Otherwise the protocols, in the
 * client's order; none when the extension is missing. Never throws, whatever the bytes.
 */
export function offeredProtocols(bytes: Uint8Array): "more" | "not-tls" | readonly string[] {
  if (bytes.length > 0 && bytes[0] !== RECORD_HANDSHAKE) return "not-tls";
  if (bytes.length > 1 && bytes[1] !== 3) return "not-tls";
  if (bytes.length < 5) return "more";
  const length = word(bytes, 3);
  if (5 + length > CLIENT_HELLO_BYTES_MAX) return "not-tls";
  if (bytes.length < 5 + length) return "more";
  return helloProtocols(bytes.subarray(5, 5 + length)) ?? "not-tls";
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

function helloProtocols(hello: Uint8Array): readonly string[] | undefined {
  if (hello[0] !== CLIENT_HELLO) return undefined;
  // type 1, length 3, version 2, random 32; then session id, cipher suites, compression methods, each with its length
  let at = 38;
  at += 1 + (hello[at] ?? 0);
  at += 2 + word(hello, at);
  at += 1 + (hello[at] ?? 0);
  if (at > hello.length) return undefined;
  const end = Math.min(hello.length, at + 2 + word(hello, at));
  for (at += 2; at + 4 <= end; at += 4 + word(hello, at + 2)) {
    if (word(hello, at) === ALPN) return protocolNames(hello.subarray(at + 4, Math.min(end, at + 4 + word(hello, at + 2))));
  }
  return [];
}

function protocolNames(list: Uint8Array): readonly string[] {
  const names: string[] = [];
  for (let at = 2; at < list.length; at += 1 + (list[at] ?? 0)) {
    names.push(Buffer.from(list.subarray(at + 1, at + 1 + (list[at] ?? 0))).toString("latin1"));
  }
  return names;
}
