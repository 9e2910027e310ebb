import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { catchUpSeconds, dataLossSeconds, lostMessages, type WaitingStretch } from "./forecast.ts";
import { flagOf, type FlagFacts } from "./flag.ts";
import { reasonOf, type ReasonFacts } from "../reason.ts";
import { endOffsetAt, timeLag, timeOfOffset, type OffsetSample } from "./time-lag.ts";
import { severityOf, verdictWith } from "../verdict.ts";

const samples: readonly OffsetSample[] = [
  { offset: 100n, atMs: 1000 },
  { offset: 200n, atMs: 2000 },
  { offset: 300n, atMs: 12_000 },
];

describe("timeLag", () => {
  const cases: readonly [name: string, committed: bigint, end: bigint, expected: unknown][] = [
    ["nothing waits", 300n, 300n, { ms: 0, isFloor: false }],
    ["committed past the end we know", 310n, 300n, { ms: 0, isFloor: false }],
    ["at a known record", 200n, 301n, { ms: 18_000, isFloor: false }],
    ["between known records", 250n, 301n, { ms: 13_000, isFloor: false }],
    ["older than all known: at least", 50n, 301n, { ms: 19_000, isFloor: true }],
    ["newer than all known", 350n, 400n, { ms: 0, isFloor: true }],
  ];
  for (const [name, committed, end, expected] of cases) {
    it(name, () => {
      assert.deepEqual(timeLag(committed, end, samples, 20_000), expected);
    });
  }
  it("knows nothing without a record", () => {
    assert.equal(timeLag(1n, 5n, [], 20_000), null);
  });
  it("is zero, not negative, when the producer's clock runs ahead", () => {
    assert.deepEqual(timeLag(200n, 301n, samples, 500), { ms: 0, isFloor: false });
  });

  it("never leaves the range of the two records around an offset", () => {
    const rising = fc
      .array(fc.record({ offset: fc.nat(1000), at: fc.nat(1_000_000) }), { minLength: 2, maxLength: 30 })
      .map((rows) => [
        ...new Map(
          rows
            .sort((a, b) => a.offset - b.offset)
            .map((row) => [row.offset, { offset: BigInt(row.offset), atMs: row.at }]),
        ).values(),
      ]);
    fc.assert(
      fc.property(rising, fc.nat(1000), (known, offset) => {
        const at = timeOfOffset(known, BigInt(offset));
        const left = known.findLast((sample) => sample.offset <= BigInt(offset));
        const right = known.find((sample) => sample.offset >= BigInt(offset));
        if (left === undefined || right === undefined) assert.equal(at, null);
        else assert.ok(at !== null && at >= Math.min(left.atMs, right.atMs) && at <= Math.max(left.atMs, right.atMs));
      }),
    );
  });
});

describe("endOffsetAt", () => {
  const asked = [
    { offset: 100n, atMs: 1000 },
    { offset: 200n, atMs: 6000 },
  ];
  for (const [at, expected] of [
    [500, null],
    [1000, 100n],
    [3500, 150n],
    [6000, 200n],
    [9000, 200n],
  ] as const) {
    it(`at ${at} it is ${String(expected)}`, () => {
      assert.equal(endOffsetAt(asked, at), expected);
    });
  }
});

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
      "by size, but how large the log is was not told",
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

describe("flagOf", () => {
  const base: FlagFacts = {
    committedOffset: 50n,
    logStartOffset: 0n,
    endOffset: 100n,
    lostMessages: 0n,
    waitsForTransaction: false,
    head: { offset: 50n, atMs: 1000, isFromLog: false },
    isCompacted: false,
    nowMs: 60_000,
  };
  const cases: readonly [name: string, over: Partial<FlagFacts>, expected: string | null][] = [
    ["the numbers are what they seem", {}, null],
    ["retention was faster", { lostMessages: 5n, committedOffset: 50n, logStartOffset: 55n }, "lost"],
    ["the offset lies behind the end", { committedOffset: 101n, head: null }, "beyond_end"],
    ["an open transaction", { waitsForTransaction: true }, "transaction"],
    [
      "compaction left a later event",
      { isCompacted: true, head: { offset: 60n, atMs: 1000, isFromLog: true } },
      "compacted",
    ],
    [
      "a later event of the index is no proof of compaction",
      { isCompacted: true, head: { offset: 60n, atMs: 1000, isFromLog: false } },
      null,
    ],
    ["the producer's clock runs ahead", { head: { offset: 50n, atMs: 62_000, isFromLog: false } }, "clock_ahead"],
    ["a clock that is a little ahead", { head: { offset: 50n, atMs: 60_900, isFromLog: false } }, null],
  ];
  for (const [name, over, expected] of cases)
    it(name, () => {
      assert.equal(flagOf({ ...base, ...over }), expected);
    });
});

describe("reasonOf", () => {
  const partition = {
    topic: "orders",
    partition: 3,
    verdict: "stopped",
    lagMessages: 4212n,
    committedOffset: 91_204n,
    movedAtMs: 0,
  } as const;
  const base: ReasonFacts = {
    group: "payments",
    verdict: "stopped",
    memberCount: 3,
    state: "stable",
    inRate: 35,
    outRate: 29,
    lagMessages: 4212n,
    timeLagMs: 1_084_000,
    partitions: [partition],
    nowMs: 1_085_000,
  };
  const cases: readonly [over: Partial<ReasonFacts>, expected: string | null][] = [
    [{}, "orders[3] has not moved for 18 min"],
    [
      {
        partitions: [
          partition,
          { ...partition, partition: 1, lagMessages: 1n },
          { ...partition, partition: 2, verdict: "ok" },
        ],
      },
      "orders[3] has not moved for 18 min, nor has one other partition",
    ],
    [{ memberCount: 0, state: "empty" }, "payments has no members; 4,212 events wait, the oldest for 18 min"],
    [
      { verdict: "stalled", partitions: [{ ...partition, verdict: "stalled" }], nowMs: 7_500_000 },
      "orders[3] commits offset 91,204 again and again for 2 h 5 min; 4,212 events wait",
    ],
    [
      { verdict: "rewound", partitions: [{ ...partition, verdict: "rewound", lagMessages: 1n }] },
      "orders[3] went back to offset 91,204 and has not caught up; 1 event waits",
    ],
    [
      { verdict: "warning", partitions: [{ ...partition, verdict: "warning" }] },
      "payments falls behind: 35/s in, 29/s out",
    ],
    [
      { verdict: "warning", inRate: 1, outRate: 4.25, partitions: [{ ...partition, verdict: "warning" }] },
      "orders[3] does not catch up: 4,212 events wait",
    ],
    [{ verdict: "ok", partitions: [{ ...partition, verdict: "ok" }] }, null],
    [{ verdict: "unknown", partitions: [] }, null],
  ];
  for (const [over, expected] of cases)
    it(expected ?? `says nothing of ${over.verdict}`, () => {
      assert.equal(reasonOf({ ...base, ...over }), expected);
    });
});

describe("severityOf", () => {
  it("sorts stuck before failing before warning before ok", () => {
    assert.deepEqual(
      [
        severityOf("stalled", 0),
        severityOf("ok", 1),
        severityOf("warning", 0),
        severityOf("ok", 0),
        severityOf("unknown", 0),
      ],
      [3, 2, 1, 0, 0],
    );
  });

  it("raises a group of which a cause is known, also while its verdict is ok", () => {
    assert.deepEqual(
      [
        severityOf("ok", 0, "data_lost"),
        severityOf("ok", 0, "not_consuming"),
        severityOf("ok", 0, "skipped_ahead"),
        severityOf("ok", 0, "rewound"),
        severityOf("warning", 3, "too_slow"),
      ],
      [3, 3, 2, 1, 2],
    );
  });
});

describe("verdictWith", () => {
  it("is at least what the cause means, and never better than the verdict", () => {
    assert.deepEqual(
      [
        verdictWith("ok", null),
        verdictWith("ok", "hung_member"),
        verdictWith("stalled", "poison_event"),
        verdictWith("ok", "too_slow"),
        verdictWith("stopped", "too_slow"),
        verdictWith("ok", "data_lost"),
      ],
      ["ok", "stopped", "stalled", "warning", "stopped", "ok"],
    );
  });
});
