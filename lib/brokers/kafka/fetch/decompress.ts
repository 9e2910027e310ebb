/**
 * Decompresses what is in a batch of records. How large it becomes is bounded, because a batch's own figures cannot be
 * trusted: 60 MiB of zeros are 2 kB of zstd.
 */
import { promisify } from "node:util";
import zlib from "node:zlib";
import { decompressFrame } from "lz4-napi";
import snappy from "snappyjs";

const gunzip = promisify<zlib.InputType, zlib.ZlibOptions, Buffer>(zlib.gunzip);
const unzstd = promisify<zlib.InputType, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);

/** Node decompresses piece by piece, each on another thread and back, and joins them in a copy. */
const PIECE_BYTES = { least: 16 * 1024, perByte: 8, most: 1024 * 1024 } as const;
const USUAL = { bytes: 1024 * 1024, perByte: 32 } as const;

/** What becomes more than is usual is begun again with room for all that is allowed: so it is in memory only once. */
async function inOnePiece(
  work: (bytes: Buffer, options: { maxOutputLength: number; chunkSize: number }) => Promise<Buffer>,
  bytes: Buffer,
  maxBytes: number,
): Promise<Buffer> {
  const { least, perByte, most } = PIECE_BYTES;
  const usual = Math.max(USUAL.bytes, USUAL.perByte * bytes.length);
  if (usual < maxBytes)
    try {
      const chunkSize = Math.min(most, Math.max(least, perByte * bytes.length));
      return await work(bytes, { maxOutputLength: usual, chunkSize });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_BUFFER_TOO_LARGE") throw error;
    }
  return work(bytes, { maxOutputLength: maxBytes, chunkSize: Math.max(least, maxBytes) });
}

/**
 * `codec` as in a batch's attributes. Rejects with a reason when the bytes are not what the codec makes, or would
 * become more than `maxBytes`.
 */
export async function decompress(codec: number, bytes: Buffer, maxBytes: number): Promise<Buffer> {
  switch (codec) {
    case 0:
      return bytes;
    case 1:
      return inOnePiece(gunzip, bytes, maxBytes);
    case 2:
      return snappyDecompress(bytes, maxBytes);
    case 3:
      return lz4Decompress(bytes, maxBytes);
    case 4:
      return inOnePiece(unzstd, bytes, maxBytes);
    default:
      throw new Error(`compression ${codec} is not known`);
  }
}

// Java's client frames snappy like the xerial library: a magic number and two versions, then blocks, each after its
// length.
const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;

function snappyDecompress(buffer: Buffer, maxBytes: number): Buffer {
  if (buffer.length < XERIAL_HEADER_BYTES || !buffer.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC))
    return Buffer.from(snappy.uncompress(buffer, maxBytes));
  const blocks: Buffer[] = [];
  let total = 0;
  for (let at = XERIAL_HEADER_BYTES; at < buffer.length; ) {
    if (at + 4 > buffer.length) throw new Error("snappy: a block's length is cut off");
    const length = buffer.readUInt32BE(at);
    const end = at + 4 + length;
    if (end > buffer.length) throw new Error("snappy: a block is longer than its batch");
    const block = Buffer.from(snappy.uncompress(buffer.subarray(at + 4, end), maxBytes - total));
    total += block.length;
    blocks.push(block);
    at = end;
  }
  return blocks.length === 1 ? blocks[0]! : Buffer.concat(blocks, total);
}

/** The library has no size limit, so the frame's block list is read first: it bounds the decompressed size. */
async function lz4Decompress(buffer: Buffer, maxBytes: number): Promise<Buffer> {
  const atMost = lz4ContentBound(buffer);
  if (atMost > maxBytes) throw new Error(`lz4: the batch may hold ${atMost} B, more than is read`);
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
