import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCommitLog } from "./commit-log.ts";

const text = (value: string) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([int16(bytes.length), bytes]);
};
const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const int64 = (value: bigint) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
};
const key = (version: number, group = "payments", topic = "orders", partition = 3) => Buffer.concat([int16(version), text(group), text(topic), int32(partition)]);
const AT = 1_760_000_000_123n;
const VALUES: readonly (readonly [version: number, Buffer])[] = [
  [0, Buffer.concat([int16(0), int64(42n), text("meta"), int64(AT)])],
  [1, Buffer.concat([int16(1), int64(42n), text("meta"), int64(AT), int64(AT + 1000n)])],
  [2, Buffer.concat([int16(2), int64(42n), text(""), int64(AT)])],
  [3, Buffer.concat([int16(3), int64(42n), int32(7), text("meta"), int64(AT)])],
  // Compact metadata, and a tagged field behind it that holds the topic's id.
  [4, Buffer.concat([int16(4), int64(42n), int32(-1), Buffer.from([5]), Buffer.from("meta"), int64(AT), Buffer.from([1, 0, 16]), Buffer.alloc(16, 9)])],
];

describe("readCommitLog", () => {
  for (const keyVersion of [0, 1]) {
    for (const [version, value] of VALUES) {
      it(`reads a commit of key version ${keyVersion}, value version ${version}`, () => {
        assert.deepEqual(readCommitLog(key(keyVersion), value), { ok: true, value: { group: "payments", topic: "orders", partition: 3, commit: { offset: 42n, committedAtMs: Number(AT) } } });
      });
    }
  }
  it("reads a removed commit", () => {
    assert.deepEqual(readCommitLog(key(1), null), { ok: true, value: { group: "payments", topic: "orders", partition: 3, commit: null } });
  });
  for (const version of [2, 3, 9]) {
    it(`leaves records of key version ${version} alone: group metadata and the new protocol's`, () => {
      assert.deepEqual(readCommitLog(Buffer.concat([int16(version), text("payments")]), Buffer.from("whatever")), { ok: true, value: null });
    });
  }
  it("says what is wrong with a value of a version to come", () => {
    assert.match(String((readCommitLog(key(1), int16(5)) as { error: string }).error), /version 5/);
  });
  it("refuses any cut-off record and never reads past its end", () => {
    for (const [, value] of VALUES.slice(0, 4)) {
      for (let length = 0; length < value.length - 8; length++) assert.equal(readCommitLog(key(1), value.subarray(0, length)).ok, false);
    }
    const whole = key(1);
    for (let length = 0; length < whole.length; length++) assert.equal(readCommitLog(whole.subarray(0, length), null).ok, false);
  });
  it("never throws, whatever the bytes", () => {
    fc.assert(fc.property(fc.option(fc.uint8Array({ maxLength: 60 })), fc.option(fc.uint8Array({ maxLength: 60 })), (anyKey, anyValue) => {
      readCommitLog(anyKey, anyValue);
      readCommitLog(Buffer.concat([int16(1), anyKey ?? Buffer.alloc(0)]), anyValue);
    }));
  });
});
