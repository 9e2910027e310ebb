/** Registers the three codecs of the Kafka protocol that KafkaJS lacks; it has only gzip. */
import { promisify } from "node:util";
import zlib from "node:zlib";
import kafkajs from "kafkajs";
import { compressFrame, decompressFrame } from "lz4-napi";
import snappy from "snappyjs";

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const XERIAL_HEADER_BYTES = 16;
const XERIAL_BLOCK_BYTES = 32 * 1024;

/** The framing of Java's snappy streams: a 16-byte header, then blocks, each preceded by its length. */
function snappyCompress(plain: Buffer): Buffer {
  const header = Buffer.alloc(XERIAL_HEADER_BYTES);
  XERIAL_MAGIC.copy(header);
  header.writeInt32BE(1, 8);
  header.writeInt32BE(1, 12);
  const parts = [header];
  for (let at = 0; at < plain.length; at += XERIAL_BLOCK_BYTES) {
    const block = Buffer.from(snappy.compress(plain.subarray(at, at + XERIAL_BLOCK_BYTES)));
    const length = Buffer.alloc(4);
    length.writeInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

function snappyDecompress(packed: Buffer): Buffer {
  if (!packed.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return Buffer.from(snappy.uncompress(packed));
  const parts: Buffer[] = [];
  for (let at = XERIAL_HEADER_BYTES; at < packed.length; ) {
    const length = packed.readInt32BE(at);
    parts.push(Buffer.from(snappy.uncompress(packed.subarray(at + 4, at + 4 + length))));
    at += 4 + length;
  }
  return Buffer.concat(parts);
}

const zstdCompress = promisify(zlib.zstdCompress);
const zstdDecompress = promisify(zlib.zstdDecompress);

type Encoder = { buffer: Buffer };
const codec =
  (compress: (plain: Buffer) => Promise<Buffer>, decompress: (packed: Buffer) => Promise<Buffer>) => () => ({
    compress: ({ buffer }: Encoder) => compress(buffer),
    decompress,
  });

export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = codec(
    async (plain) => snappyCompress(plain),
    async (packed) => snappyDecompress(packed),
  );
  CompressionCodecs[CompressionTypes.LZ4] = codec(
    (plain) => compressFrame(plain),
    (packed) => decompressFrame(packed),
  );
  CompressionCodecs[CompressionTypes.ZSTD] = codec(
    (plain) => zstdCompress(plain),
    (packed) => zstdDecompress(packed),
  );
}
