import assert from "node:assert/strict";
import { describe, it } from "node:test";
import zlib from "node:zlib";
import { compressFrameSync } from "lz4-napi";
import snappy from "snappyjs";
import { decompress } from "./decompress.ts";

const MAX_BYTES = 1024 * 1024;
const TEXT = Buffer.from("every event, every hop. ".repeat(5000));
const BOMB = Buffer.alloc(MAX_BYTES + 1);
const XERIAL_HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);

function xerialBlock(content: Buffer): Buffer {
  const body = Buffer.from(snappy.compress(content));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

const CODECS: readonly (readonly [name: string, codec: number, compress: (bytes: Buffer) => Buffer])[] = [
  ["gzip", 1, (bytes) => zlib.gzipSync(bytes)],
  ["snappy", 2, (bytes) => Buffer.from(snappy.compress(bytes))],
  ["snappy in one xerial block", 2, (bytes) => Buffer.concat([XERIAL_HEADER, xerialBlock(bytes)])],
  [
    "snappy in two xerial blocks",
    2,
    (bytes) => Buffer.concat([XERIAL_HEADER, xerialBlock(bytes.subarray(0, 700)), xerialBlock(bytes.subarray(700))]),
  ],
  ["lz4", 3, (bytes) => compressFrameSync(bytes)],
  ["zstd", 4, (bytes) => zlib.zstdCompressSync(bytes)],
];

describe("decompress", () => {
  for (const [name, codec, compress] of CODECS) {
    it(`${name}: what was compressed comes back`, async () => {
      assert.deepEqual(await decompress(codec, compress(TEXT), MAX_BYTES), TEXT);
    });
    it(`${name}: what is cut off, or no such thing, is refused`, async () => {
      await assert.rejects(decompress(codec, Buffer.from("not compressed at all, certainly not"), MAX_BYTES));
      const whole = compress(TEXT);
      await assert.rejects(decompress(codec, whole.subarray(0, whole.length >> 1), MAX_BYTES));
    });
    it(`${name}: what becomes a hundred times as large comes back, as long as it is allowed`, async () => {
      const large = Buffer.alloc(3 * MAX_BYTES, "a");
      assert.ok((await decompress(codec, compress(large), 4 * MAX_BYTES)).equals(large));
    });
    it(`${name}: what becomes larger than allowed is refused`, async () => {
      await assert.rejects(decompress(codec, compress(BOMB), MAX_BYTES));
    });
  }

  it("gives back what is not compressed, and refuses a codec that it does not know", async () => {
    assert.equal(await decompress(0, TEXT, 1), TEXT);
    await assert.rejects(decompress(5, TEXT, MAX_BYTES), /compression 5/);
  });

  it("refuses a xerial block that is longer than its batch", async () => {
    const bytes = Buffer.concat([XERIAL_HEADER, Buffer.from([0xff, 0xff, 0xff, 0xff])]);
    await assert.rejects(decompress(2, bytes, MAX_BYTES), /longer than its batch/);
  });

  it("bounds an lz4 frame by its own blocks, whatever it states", async () => {
    await assert.rejects(decompress(3, compressFrameSync(BOMB), MAX_BYTES), /more than is read/);
  });
});
