import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import type { LogRecord } from "../../ports/log-source.ts";
import { batchBytes, markerBytes, messageBytes, recordBytes, varint } from "./batches.test-data.ts";
import { committedRecords, MAX_DECOMPRESSED_BYTES, UnreadableBatch, type ReadOptions } from "./committed-records.ts";
import type { AbortedTransaction } from "./fetch-api.ts";
import { MAX_HEADERS } from "./records.ts";
import { OwnTransactions } from "./transactions.ts";

const value = (text: string) => ({ value: Buffer.from(text) });
const textOf = ({ offset, value: bytes, unreadable }: LogRecord): string =>
  `${offset} ${unreadable === undefined ? Buffer.from(bytes ?? []).toString() : "unreadable"}`;

async function read(
  batches: readonly Buffer[],
  from = 0n,
  options: ReadOptions & { readonly aborted?: readonly AbortedTransaction[] } = {},
) {
  const records: LogRecord[] = [];
  let nextOffset = from;
  for await (const chunk of committedRecords(
    { records: Buffer.concat(batches), aborted: options.aborted ?? [] },
    from,
    options,
  )) {
    records.push(...chunk.records);
    nextOffset = chunk.nextOffset;
  }
  return { records, texts: records.map(textOf), nextOffset };
}

describe("the records of a fetch answer", () => {
  it("come as they were written: keys, values and headers, null, empty, doubled, in their order", async () => {
    const headers: [string, Buffer | null][] = [
      ["10", Buffer.from("ten")],
      ["a", null],
      ["a", Buffer.alloc(0)],
      ["2", Buffer.from("two")],
      ["ü", Buffer.from([0xff])],
    ];
    const { records } = await read([
      batchBytes({
        baseOffset: 5n,
        baseTimestamp: -5n,
        records: [
          { key: null, value: null, timestampDelta: -3 },
          { key: Buffer.alloc(0), value: Buffer.alloc(0), headers },
        ],
      }),
    ]);
    assert.deepEqual(records, [
      { offset: 5n, timestampMs: -8, key: null, value: null, headers: [], producer: null },
      { offset: 6n, timestampMs: -5, key: Buffer.alloc(0), value: Buffer.alloc(0), headers, producer: null },
    ]);
  });

  it("have the broker's time where the topic wants that", async () => {
    const batch = batchBytes({ baseOffset: 0n, hasLogAppendTime: true, maxTimestamp: 77n, records: [value("a")] });
    assert.equal((await read([batch])).records[0]?.timestampMs, 77);
  });

  it("begin at the wanted offset, pass what compaction has emptied, and leave out a batch that is cut off", async () => {
    const first = batchBytes({ baseOffset: 0n, records: [value("a"), value("b"), value("c")] });
    const emptied = batchBytes({ baseOffset: 3n, lastOffsetDelta: 6, records: [] });
    const compacted = batchBytes({ baseOffset: 10n, lastOffsetDelta: 9, records: [{ ...value("d"), offsetDelta: 4 }] });
    const cut = batchBytes({ baseOffset: 20n, records: [value("e")] }).subarray(0, -3);
    const { texts, nextOffset } = await read([first, emptied, compacted, cut], 2n);
    assert.deepEqual([texts, nextOffset], [["2 c", "14 d"], 20n]);
    assert.deepEqual(await read([cut], 20n), { records: [], texts: [], nextOffset: 20n });
  });

  it("are a bounded number at a time", async () => {
    const records = Array.from({ length: 200_000 }, () => value("1"));
    const batch = batchBytes({ baseOffset: 0n, isGzipped: true, records });
    const sizes: number[] = [];
    for await (const chunk of committedRecords({ records: batch, aborted: [] }, 0n)) sizes.push(chunk.records.length);
    assert.deepEqual([sizes.length, Math.max(...sizes)], [800, 250]);
  });

  it("keep so many headers, and say how many are left out", async () => {
    const headers = Array.from({ length: MAX_HEADERS + 5 }, (_, i) => [`h${i}`, null] as const);
    const { records } = await read([batchBytes({ baseOffset: 0n, records: [{ headers }, value("next")] })]);
    assert.deepEqual(
      records.map((record) => [record.headers.length, record.headersLeftOut]),
      [
        [MAX_HEADERS, 5],
        [0, undefined],
      ],
    );
  });

  it("are read from the message formats 0 and 1 too, compressed or not", async () => {
    const inner1 = [0n, 1n].map((offset) => messageBytes(1, offset, value(`i${offset}`)));
    const inner0 = [20n, 21n].map((offset) => messageBytes(0, offset, value(`j${offset}`)));
    const { texts, records } = await read(
      [
        messageBytes(0, 3n, value("a")),
        messageBytes(1, 4n, { ...value("b"), timestamp: 9n }),
        messageBytes(1, 11n, { value: gzipSync(Buffer.concat(inner1)) }, true),
        messageBytes(0, 21n, { value: gzipSync(Buffer.concat(inner0)) }, true),
      ],
      4n,
    );
    assert.deepEqual(texts, ["4 b", "10 i0", "11 i1", "20 j20", "21 j21"]);
    assert.equal(records[0]?.timestampMs, 9);
  });
});

describe("records of transactions", () => {
  const of = (producerId: bigint, baseOffset: bigint, text: string, key: Buffer | null = null) =>
    batchBytes({ baseOffset, producerId, isTransactional: true, records: [{ key, ...value(text) }] });
  // A: a1, B: b1, B aborts, a2, A aborts; then one of C, which commits, and one of nobody's.
  const log = [
    of(1n, 0n, "a1", Buffer.alloc(4)),
    of(2n, 1n, "b1"),
    markerBytes(2n, 2n, "abort"),
    of(1n, 3n, "a2"),
    markerBytes(4n, 1n, "abort"),
    of(1n, 5n, "a3"),
    markerBytes(6n, 1n, "commit"),
    batchBytes({ baseOffset: 7n, records: [value("plain")] }),
  ];
  const aborted = [
    { producerId: 2n, firstOffset: 1n },
    { producerId: 1n, firstOffset: 0n },
  ];

  it("are left out when theirs was aborted, however producers interleave and whatever their keys are", async () => {
    assert.deepEqual((await read(log, 0n, { aborted })).texts, ["5 a3", "7 plain"]);
    assert.deepEqual((await read(log, 3n, { aborted })).texts, ["5 a3", "7 plain"]);
  });

  it("count from the end of their transaction on, where each counts on its own", async () => {
    const transactions = new OwnTransactions();
    const open = [of(3n, 8n, "c1"), of(4n, 9n, "d1"), batchBytes({ baseOffset: 10n, records: [value("e")] })];
    assert.deepEqual((await read([...log, ...open], 0n, { transactions })).texts, ["6 a3", "7 plain", "10 e"]);
    assert.equal(transactions.openSince, 8n);
    const later = [markerBytes(11n, 4n, "commit"), of(3n, 12n, "c2"), markerBytes(13n, 3n, "abort")];
    assert.deepEqual((await read(later, 11n, { transactions })).texts, ["11 d1"]);
    assert.equal(transactions.openSince, null);
  });

  it("are found again after a restart, from where the first open one began", async () => {
    const transactions = new OwnTransactions();
    const whole = [
      of(3n, 8n, "c1"),
      batchBytes({ baseOffset: 9n, records: [value("d")] }),
      of(3n, 10n, "c2"),
      batchBytes({ baseOffset: 11n, records: [value("e")] }),
      markerBytes(12n, 3n, "commit"),
    ];
    const { texts, nextOffset } = await read(whole, 11n, { transactions, fetchedFrom: 8n });
    assert.deepEqual([texts, nextOffset], [["11 e", "12 c1", "12 c2"], 13n]);
  });
});

describe("a batch that cannot be read", () => {
  const good = (baseOffset: bigint, text: string) => batchBytes({ baseOffset, records: [value(text)] });
  const broken = batchBytes({ baseOffset: 1n, records: [value("b"), value("c"), value("d")] });
  broken.writeUInt8(broken.readUInt8(70) ^ 1, 70);

  it("is an error behind what stands before it, and is passed once it is given up on", async () => {
    const handed: string[] = [];
    const reading = async () => {
      const fetched = { records: Buffer.concat([good(0n, "a"), broken, good(4n, "e")]), aborted: [] };
      for await (const { records } of committedRecords(fetched, 0n)) handed.push(...records.map(textOf));
    };
    await assert.rejects(reading(), (error) => error instanceof UnreadableBatch && error.baseOffset === 1n);
    assert.deepEqual(handed, ["0 a"]);
    const { texts, records, nextOffset } = await read([broken, good(4n, "e")], 1n, { giveUpOn: 1n });
    assert.deepEqual([texts, nextOffset], [["1 unreadable", "2 unreadable", "3 unreadable", "4 e"], 5n]);
    assert.match(records[0]?.unreadable ?? "", /1 to 3 .* checksum/);
  });

  const WRONG: readonly (readonly [why: string, body: Buffer])[] = [
    ["a length outside the batch", Buffer.concat([recordBytes(value("a"), 0), varint(1000), Buffer.of(0)])],
    ["a negative length", Buffer.concat([recordBytes(value("a"), 0), varint(-7)])],
    ["a number without an end", Buffer.concat([recordBytes(value("a"), 0), Buffer.alloc(20, 0xff)])],
    ["an end in the middle of a number", Buffer.concat([recordBytes(value("a"), 0), Buffer.of(0x80)])],
    ["fewer records than counted", recordBytes(value("a"), 0)],
  ];
  for (const [why, body] of WRONG)
    it(`keeps the records before the damage: ${why}`, async () => {
      const batch = batchBytes({ baseOffset: 0n, records: [value("a"), value("b")] }, body);
      await assert.rejects(read([batch]), UnreadableBatch);
      const { texts, nextOffset } = await read([batch, good(2n, "c")], 0n, { giveUpOn: "all" });
      assert.deepEqual([texts, nextOffset], [["0 a", "1 unreadable", "2 c"], 3n]);
    });

  it("is one that would become too large; several are not decompressed at once", async () => {
    const bomb = batchBytes(
      { baseOffset: 0n, isGzipped: true, records: [value("")] },
      Buffer.alloc(MAX_DECOMPRESSED_BYTES + 1),
    );
    await assert.rejects(read([bomb]), UnreadableBatch);
    const large = (baseOffset: bigint) =>
      batchBytes({ baseOffset, isGzipped: true, records: [{ value: Buffer.alloc(MAX_DECOMPRESSED_BYTES * 0.6) }] });
    assert.equal((await read([large(0n), large(1n), large(2n)])).nextOffset, 1n);
  });

  it("has a count that nobody believes", async () => {
    const batch = batchBytes({ baseOffset: 0n, records: [value("a")] });
    batch.writeInt32BE(2_000_000_000, 57);
    const { texts, nextOffset } = await read([batch], 0n, { giveUpOn: "all" });
    assert.deepEqual([texts, nextOffset], [["0 unreadable"], 1n]);
  });
});
