import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
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
const key = (version: number, group = "payments", topic = "orders", partition = 3) =>
  Buffer.concat([int16(version), text(group), text(topic), int32(partition)]);
const AT = 1_760_000_000_123n;
const VALUES: readonly (readonly [version: number, Buffer])[] = [
  [0, Buffer.concat([int16(0), int64(42n), text("meta"), int64(AT)])],
  [1, Buffer.concat([int16(1), int64(42n), text("meta"), int64(AT), int64(AT + 1000n)])],
  [2, Buffer.concat([int16(2), int64(42n), text(""), int64(AT)])],
  [3, Buffer.concat([int16(3), int64(42n), int32(7), text("meta"), int64(AT)])],
  // Compact metadata, and a tagged field behind it that holds the topic's id.
  [
    4,
    Buffer.concat([
      int16(4),
      int64(42n),
      int32(-1),
      Buffer.from([5]),
      Buffer.from("meta"),
      int64(AT),
      Buffer.from([1, 0, 16]),
      Buffer.alloc(16, 9),
    ]),
  ],
];

const groupKey = Buffer.concat([int16(2), text("payments")]);
const compact = (value: string) => Buffer.concat([Buffer.from([value.length + 1]), Buffer.from(value)]);
const bytes = (value: string) => Buffer.concat([int32(value.length), Buffer.from(value)]);
const member = (version: number, n: number) =>
  version === 4
    ? Buffer.concat([
        compact(`m-${n}`),
        Buffer.from([0]),
        compact(`client-${n}`),
        compact(`/10.0.0.${n}`),
        int32(60_000),
        int32(45_000),
        compact("subscription"),
        compact("assignment"),
        Buffer.from([1, 5, 2, 0, 0]),
      ])
    : Buffer.concat([
        text(`m-${n}`),
        ...(version >= 3 ? [int16(-1)] : []),
        text(`client-${n}`),
        text(`/10.0.0.${n}`),
        ...(version >= 1 ? [int32(60_000)] : []),
        int32(45_000),
        bytes("subscription"),
        bytes("assignment"),
      ]);
const GENERATIONS: readonly (readonly [version: number, Buffer, atMs: number | null])[] = [0, 1, 2, 3, 4].map(
  (version) => [
    version,
    version === 4
      ? Buffer.concat([
          int16(4),
          compact("consumer"),
          int32(7),
          compact("range"),
          compact("m-1"),
          int64(AT),
          Buffer.from([3]),
          member(4, 1),
          member(4, 2),
          Buffer.from([0]),
        ])
      : Buffer.concat([
          int16(version),
          text("consumer"),
          int32(7),
          text("range"),
          text("m-1"),
          ...(version >= 2 ? [int64(AT)] : []),
          int32(2),
          member(version, 1),
          member(version, 2),
        ]),
    version >= 2 ? Number(AT) : null,
  ],
);

describe("readCommitLog", () => {
  for (const keyVersion of [0, 1]) {
    for (const [version, value] of VALUES) {
      it(`reads a commit of key version ${keyVersion}, value version ${version}`, () => {
        assert.deepEqual(readCommitLog(key(keyVersion), value), {
          ok: true,
          value: {
            kind: "commit",
            group: "payments",
            topic: "orders",
            partition: 3,
            commit: { offset: 42n, committedAtMs: Number(AT) },
          },
        });
      });
    }
  }
  it("reads a removed commit", () => {
    assert.deepEqual(readCommitLog(key(1), null), {
      ok: true,
      value: { kind: "commit", group: "payments", topic: "orders", partition: 3, commit: null },
    });
  });
  for (const version of [3, 9]) {
    it(`leaves records of key version ${version} alone: the newer protocols'`, () => {
      assert.deepEqual(readCommitLog(Buffer.concat([int16(version), text("payments")]), Buffer.from("whatever")), {
        ok: true,
        value: null,
      });
    });
  }
  for (const [version, value, atMs] of GENERATIONS) {
    it(`reads a generation of value version ${version}`, () => {
      assert.deepEqual(readCommitLog(groupKey, value), {
        ok: true,
        value: {
          kind: "generation",
          group: "payments",
          generation: 7,
          atMs,
          memberCount: 2,
          clients: ["client-1 at 10.0.0.1", "client-2 at 10.0.0.2"],
        },
      });
    });
  }
  it("reads a generation without members, and passes a group that was removed", () => {
    assert.deepEqual(
      readCommitLog(
        groupKey,
        Buffer.concat([int16(3), text("consumer"), int32(8), int16(-1), int16(-1), int64(AT), int32(0)]),
      ),
      {
        ok: true,
        value: { kind: "generation", group: "payments", generation: 8, atMs: Number(AT), memberCount: 0, clients: [] },
      },
    );
    assert.deepEqual(readCommitLog(groupKey, null), { ok: true, value: null });
  });
  it("names no more members than it must, and believes no count that the bytes do not hold", () => {
    const many = Buffer.concat([
      int16(3),
      text("consumer"),
      int32(8),
      int16(-1),
      int16(-1),
      int64(AT),
      int32(500),
      ...Array.from({ length: 500 }, () => member(3, 1)),
    ]);
    const read = readCommitLog(groupKey, many);
    assert.ok(
      read.ok &&
        read.value?.kind === "generation" &&
        read.value.memberCount === 500 &&
        read.value.clients.length === 12,
    );
    assert.equal(
      readCommitLog(
        groupKey,
        Buffer.concat([int16(3), text("consumer"), int32(8), int16(-1), int16(-1), int64(AT), int32(0x7fffffff)]),
      ).ok,
      false,
    );
  });
  it("reports what is wrong with a value of a future version", () => {
    assert.match(String((readCommitLog(key(1), int16(5)) as { error: string }).error), /version 5/);
  });
  it("refuses any cut-off record and never reads past its end", () => {
    for (const [, value] of VALUES.slice(0, 4)) {
      for (let length = 0; length < value.length - 8; length++)
        assert.equal(readCommitLog(key(1), value.subarray(0, length)).ok, false);
    }
    for (const [version, value] of GENERATIONS) {
      const end = version === 4 ? value.length - 1 : value.length;
      for (let length = 0; length < end; length++)
        assert.equal(readCommitLog(groupKey, value.subarray(0, length)).ok, false);
    }
    const whole = key(1);
    for (let length = 0; length < whole.length; length++)
      assert.equal(readCommitLog(whole.subarray(0, length), null).ok, false);
  });
  it("never throws, whatever the bytes", () => {
    fc.assert(
      fc.property(
        fc.option(fc.uint8Array({ maxLength: 60 })),
        fc.option(fc.uint8Array({ maxLength: 60 })),
        (anyKey, anyValue) => {
          readCommitLog(anyKey, anyValue);
          readCommitLog(Buffer.concat([int16(1), anyKey ?? Buffer.alloc(0)]), anyValue);
          readCommitLog(groupKey, anyValue);
          for (const version of [0, 3, 4])
            readCommitLog(groupKey, Buffer.concat([int16(version), anyValue ?? Buffer.alloc(0)]));
        },
      ),
    );
  });
});
