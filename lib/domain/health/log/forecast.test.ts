import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { catchUpSeconds, dataLossSeconds, lostMessages, type WaitingStretch } from "./forecast.ts";

describe("catchUpSeconds", () => {
  const cases: readonly [
    name: string,
    partitions: readonly [lag: number, inRate: number, outRate: number][],
    expected: number | null,
  ][] = [
    ["nothing waits", [[0, 5, 0]], 0],
    [
      "the slowest partition decides",
      [
        [100, 0, 100],
        [1000, 10, 20],
      ],
      100,
    ],
    [
      "one that does not catch up",
      [
        [100, 0, 100],
        [10, 20, 20],
      ],
      null,
    ],
    ["no partitions", [], 0],
  ];
  for (const [name, partitions, expected] of cases) {
    it(name, () => {
      assert.equal(
        catchUpSeconds(partitions.map(([lag, inRate, outRate]) => ({ lagMessages: BigInt(lag), inRate, outRate }))),
        expected,
      );
    });
  }
});

describe("dataLossSeconds", () => {
  // 1,000 events of 10 bytes, 500 of them wait; 2 come each second.
  const base: WaitingStretch = {
    lagMessages: 500n,
    committedOffset: 500n,
    logStartOffset: 0n,
    endOffset: 1000n,
    timeLagMs: 60_000,
    inRate: 2,
    sizeBytes: 10_000n,
    retentionMs: 3_600_000n,
    retentionBytes: null,
    cleanupPolicy: "delete",
  };
  const cases: readonly [name: string, over: Partial<WaitingStretch>, expected: number | null][] = [
    ["what is left of the retention", {}, 3540],
    ["nothing waits", { lagMessages: 0n }, null],
    ["kept for ever", { retentionMs: null }, null],
    ["the time is not known", { timeLagMs: null }, null],
    ["already deleted", { logStartOffset: 501n }, 0],
    ["overdue", { timeLagMs: 4_000_000 }, 0],
    ["compacted only", { cleanupPolicy: "compact" }, null],
    ["compacted and deleted", { cleanupPolicy: "compact,delete" }, 3540],
    ["by size: once as many bytes lie behind it as are kept", { retentionMs: null, retentionBytes: 15_000n }, 500],
    ["by size before time", { retentionBytes: 15_000n }, 500],
    ["by time before size", { retentionBytes: 1_000_000n }, 3540],
    ["more lies behind it than is kept: with the next segment", { retentionMs: null, retentionBytes: 5000n }, 0],
    ["by size, but nothing comes", { retentionMs: null, retentionBytes: 15_000n, inRate: 0 }, null],
    [
      "by size, but the size of the log is not known",
      { retentionMs: null, retentionBytes: 15_000n, sizeBytes: null },
      null,
    ],
  ];
  for (const [name, over, expected] of cases) {
    it(name, () => {
      assert.equal(dataLossSeconds({ ...base, ...over }), expected);
    });
  }
});

describe("lostMessages", () => {
  it("counts what lies before the log's start", () => {
    assert.deepEqual([lostMessages(90n, 100n), lostMessages(100n, 100n), lostMessages(110n, 100n)], [10n, 0n, 0n]);
  });
});
