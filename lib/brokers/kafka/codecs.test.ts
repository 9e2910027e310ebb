import assert from "node:assert/strict";
import { describe, it } from "node:test";
import kafkajs from "kafkajs";
import { compressFrameSync } from "lz4-napi";
import snappy from "snappyjs";
import { lz4Decompress, MAX_DECOMPRESSED_BYTES, registerCodecs, snappyDecompress } from "./codecs.ts";

registerCodecs();
const registry = kafkajs.CompressionCodecs as unknown as Record<
  number,
  () => { compress(encoder: { buffer: Buffer }): Promise<Buffer>; decompress(buffer: Buffer): Promise<Buffer> }
>;
const TEXT = Buffer.from("every event, every hop. ".repeat(5000));
const BOMB = Buffer.alloc(MAX_DECOMPRESSED_BYTES + 1);

describe("codecs", () => {
  for (const name of ["GZIP", "Snappy", "LZ4", "ZSTD"] as const) {
    const codec = () => registry[kafkajs.CompressionTypes[name]]!();
    it(`${name}: what was compressed comes back`, async () => {
      assert.deepEqual(await codec().decompress(await codec().compress({ buffer: TEXT })), TEXT);
    });
    it(`${name}: rubbish is refused, not endured`, async () => {
      await assert.rejects(codec().decompress(Buffer.from("not compressed at all, certainly not")));
      const whole = await codec().compress({ buffer: TEXT });
      await assert.rejects(codec().decompress(whole.subarray(0, whole.length >> 1)));
    });
    it(`${name}: a batch that would fill the memory is refused`, async () => {
      await assert.rejects(codec().decompress(await codec().compress({ buffer: BOMB })));
    });
  }

  it("snappy: plain streams and several xerial blocks are read", () => {
    assert.deepEqual(snappyDecompress(Buffer.from(snappy.compress(TEXT))), TEXT);
    const header = Buffer.concat([Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])]);
    const block = (content: Buffer) => {
      const body = Buffer.from(snappy.compress(content));
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      return Buffer.concat([length, body]);
    };
    assert.deepEqual(
      snappyDecompress(Buffer.concat([header, block(TEXT.subarray(0, 700)), block(TEXT.subarray(700))])),
      TEXT,
    );
    assert.throws(
      () => snappyDecompress(Buffer.concat([header, Buffer.from([0xff, 0xff, 0xff, 0xff])])),
      /longer than its batch/,
    );
  });

  it("lz4: a frame is bounded by its own block list, whatever it states", async () => {
    await assert.rejects(lz4Decompress(compressFrameSync(BOMB)), /more than is read/);
  });
});
