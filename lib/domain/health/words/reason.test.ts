import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reasonOf, type ReasonFacts } from "../reason.ts";
import { reasonWords } from "./reason.ts";

describe("reasonWords of reasonOf", () => {
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
    [
      {
        partitions: [
          { ...partition, movedAtMs: null },
          { ...partition, partition: 1, lagMessages: 1n },
        ],
      },
      "orders[3] has not moved; 4,212 events wait",
    ],
    [{ verdict: "ok", partitions: [{ ...partition, verdict: "ok" }] }, null],
    [{ verdict: "unknown", partitions: [] }, null],
  ];
  for (const [over, expected] of cases)
    it(expected ?? `no reason for ${over.verdict}`, () => {
      const reason = reasonOf({ ...base, ...over });
      assert.equal(reason === null ? null : reasonWords(reason), expected);
    });
});
