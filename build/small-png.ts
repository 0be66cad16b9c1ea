/** Packs a PNG as tight as deflate can: a browser takes its pictures in a hurry. The picture stays the same, bit by bit. */
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE_BYTES = 8;

export function smallPng(png: Buffer): Buffer {
  const chunks = chunksOf(png);
  const data = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map(({ bytes }) => bytes)));
  const packed = { type: "IDAT", bytes: deflateSync(data, { level: 9, memLevel: 9 }) };
  const kept = ["IHDR", "PLTE", "tRNS"].flatMap((type) => chunks.filter((chunk) => chunk.type === type));
  const written = [...kept, packed, { type: "IEND", bytes: Buffer.alloc(0) }].map(encoded);
  return Buffer.concat([png.subarray(0, SIGNATURE_BYTES), ...written]);
}

interface Chunk {
  readonly type: string;
  readonly bytes: Buffer;
}

/** Length, type, bytes, checksum; one after the other behind the signature. */
function chunksOf(png: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const length = png.readUInt32BE(at);
    chunks.push({ type: png.toString("latin1", at + 4, at + 8), bytes: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function encoded({ type, bytes }: Chunk): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), bytes]);
  return Buffer.concat([number(bytes.length), named, number(crc32(named))]);
}

function number(value: number): Buffer {
  const field = Buffer.alloc(4);
  field.writeUInt32BE(value);
  return field;
}
