/**
 * The compressions that KafkaJS leaves out. Without them a single snappy, lz4 or zstd batch ends the consumer for good.
 * The decompressed size is bounded, because a batch's own figures cannot be trusted.
 */
import { promisify } from "node:util";
import zlib from "node:zlib";
import kafkajs from "kafkajs";
import { compressFrame, decompressFrame } from "lz4-napi";
import snappy from "snappyjs";
import { standInFor } from "./codecs-unreadable.ts";

/** Far above what brokers accept by default (message.max.bytes: 1 MiB), far below a process's memory. */
export const MAX_DECOMPRESSED_BYTES = 64 * 1024 * 1024;

interface Codec {
  compress(encoder: { buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const bounded = { maxOutputLength: MAX_DECOMPRESSED_BYTES };
const gzip = promisify(zlib.gzip);
const gunzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const zstdCompress = promisify<zlib.InputType, Buffer>(zlib.zstdCompress);
const zstdDecompress = promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

// KafkaJS declares no entry for "no compression", so its own table cannot be indexed by its own enum.
const registry: Record<number, () => Codec> = kafkajs.CompressionCodecs;

const CODECS: Record<number, Codec> = {
  [kafkajs.CompressionTypes.GZIP]: {
    compress: ({ buffer }) => gzip(buffer),
    decompress: (buffer) => gunzip(buffer, bounded),
  },
  [kafkajs.CompressionTypes.Snappy]: {
    compress: ({ buffer }) => Promise.resolve(xerialCompress(buffer)),
    decompress: (buffer) => Promise.resolve().then(() => snappyDecompress(buffer)),
  },
  [kafkajs.CompressionTypes.LZ4]: {
    compress: ({ buffer }) => compressFrame(buffer),
    decompress: (buffer) => lz4Decompress(buffer),
  },
  [kafkajs.CompressionTypes.ZSTD]: {
    compress: ({ buffer }) => zstdCompress(buffer),
    decompress: (buffer) => zstdDecompress(buffer, bounded),
  },
};

/** Registers every codec with KafkaJS, for all clients of this process. Safe to call again. */
export function registerCodecs(): void {
  for (const [type, codec] of Object.entries(CODECS)) registry[Number(type)] = () => tolerant(codec);
}

/**
 * A batch that does not decompress would end KafkaJS's consumer with all its partitions, so it is replaced by
 * unreadable records.
 */
function tolerant(codec: Codec): Codec {
  return {
    compress: (encoder) => codec.compress(encoder),
    decompress: async (buffer) => {
      try {
        return await codec.decompress(buffer);
      } catch (error) {
        const stand = standInFor(buffer, error instanceof Error ? error.message : String(error));
        if (stand === null) throw error;
        return stand;
      }
    },
  };
}

// Java's client frames snappy like the xerial library: a magic number and two versions, then blocks, each after its
// length.
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

export function snappyDecompress(buffer: Buffer): Buffer {
  if (buffer.length < XERIAL_HEADER_BYTES || !buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC))
    return Buffer.from(snappy.uncompress(buffer, MAX_DECOMPRESSED_BYTES));
  const blocks: Buffer[] = [];
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at < buffer.length; ) {
    if (at + 4 > buffer.length) throw new Error("snappy: a block's length is cut off");
    const length = buffer.readUInt32BE(at);
    const end = at + 4 + length;
    if (end > buffer.length) throw new Error("snappy: a block is longer than its batch");
    const block = Buffer.from(snappy.uncompress(buffer.subarray(at + 4, end), MAX_DECOMPRESSED_BYTES - total));
    total += block.length;
    blocks.push(block);
    at = end;
  }
  return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks, total);
}

function xerialCompress(buffer: Buffer): Buffer {
  const header = Buffer.alloc(XERIAL_HEADER_BYTES + 4);
  XERIAL_MAGIC.copy(header);
  header.writeUInt32BE(1, 8);
  header.writeUInt32BE(1, 12);
  const block = Buffer.from(snappy.compress(buffer));
  header.writeUInt32BE(block.length, XERIAL_HEADER_BYTES);
  return Buffer.concat([header, block]);
}

/** The library has no size limit, so the frame's block list is read first: it bounds the decompressed size. */
export async function lz4Decompress(buffer: Buffer): Promise<Buffer> {
  const atMost = lz4ContentBound(buffer);
  if (atMost > MAX_DECOMPRESSED_BYTES) throw new Error(`lz4: the batch may hold ${atMost} B, more than is read`);
  return decompressFrame(buffer);
}

const LZ4_MAGIC = 0x184d2204;
const LZ4_HEADER_BYTES = 7;
/** LZ4 cannot expand by more than this */
const LZ4_MAX_RATIO = 255;

/**
 * LZ4 Frame Format 1.6: magic, FLG, BD, optional 8-byte content size, optional dictionary id, checksum; then blocks,
 * each after its size.
 */
function lz4ContentBound(buffer: Buffer): number {
  if (buffer.length < LZ4_HEADER_BYTES || buffer.readUInt32LE(0) !== LZ4_MAGIC) throw new Error("lz4: not a frame");
  const flags = buffer[4]!;
  const blockMaxBytes = 1 << (8 + 2 * ((buffer[5]! >> 4) & 0b111));
  const blockChecksumBytes = (flags & 0x10) === 0 ? 0 : 4;
  let at = LZ4_HEADER_BYTES + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4);
  let total = 0;
  while (at + 4 <= buffer.length) {
    const size = buffer.readUInt32LE(at) & 0x7fffffff;
    if (size === 0) break;
    total += Math.min(blockMaxBytes, size * LZ4_MAX_RATIO);
    at += 4 + size + blockChecksumBytes;
  }
  return total;
}
