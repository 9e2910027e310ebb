import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { registerCodecs } from "./codecs.ts";
import { unreadableReason } from "./codecs-unreadable.ts";

interface DecodedRecord {
  readonly offset: string;
  readonly value: Buffer;
}
// The library's own decoder, because its result is what matters here; the library does not export it.
const require = createRequire(import.meta.url);
const decodeBatch = require("kafkajs/src/protocol/recordBatch/v0/decoder") as (
  decoder: unknown,
) => Promise<{ records: DecodedRecord[] }>;
const Decoder = require("kafkajs/src/protocol/decoder") as new (buffer: Buffer) => unknown;

const ZSTD = 4;

/** A record batch v2 whose content is not zstd. */
function brokenBatch(firstOffset: bigint, count: number, lastOffsetDelta: number): Buffer {
  const content = Buffer.from("this is not zstd");
  const batch = Buffer.alloc(61 + content.length);
  batch.writeBigInt64BE(firstOffset, 0);
  batch.writeInt32BE(batch.length - 12, 8);
  batch.writeInt8(2, 16);
  batch.writeInt16BE(ZSTD, 21);
  batch.writeInt32BE(lastOffsetDelta, 23);
  batch.writeBigInt64BE(1_760_000_000_000n, 27);
  batch.writeBigInt64BE(1_760_000_000_000n, 35);
  batch.writeBigInt64BE(-1n, 43);
  batch.writeInt32BE(count, 57);
  content.copy(batch, 61);
  return batch;
}

describe("a batch that does not decompress", () => {
  registerCodecs();
  for (const [why, count, lastDelta] of [
    ["one record", 1, 0],
    ["many records", 3000, 2999],
    ["a compacted batch, whose last offset still counts", 3, 700],
  ] as const) {
    it(`becomes unreadable records at its own offsets: ${why}`, async () => {
      const { records } = await decodeBatch(new Decoder(brokenBatch(1_000_000n, count, lastDelta)));
      assert.equal(records.length, count);
      assert.equal(records[0]?.offset, count === 1 ? String(1_000_000 + lastDelta) : "1000000");
      assert.equal(records.at(-1)?.offset, String(1_000_000 + lastDelta));
      assert.ok(records.every((record) => unreadableReason(record.value) !== null));
    });
  }
  it("is an error when it claims more records than can be", async () => {
    await assert.rejects(decodeBatch(new Decoder(brokenBatch(0n, 2_000_000_000, 2_000_000_000))));
  });
  it("leaves every other record alone", () => {
    assert.equal(unreadableReason(Buffer.from("value")), null);
    assert.equal(unreadableReason(null), null);
  });
});
