import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ReportedFinding } from "../finding.ts";
import {
  all,
  behind,
  deserted,
  empty,
  group,
  heldByTransaction,
  loop,
  NOW,
  pace,
  partition,
  rewind,
  skip,
  spoiled,
  still,
  unassigned,
  waitsForTransaction,
} from "../log/causes/a-situation.test-data.ts";
import { findCause } from "../log/causes/table.ts";
import type { GroupSituation } from "../log/situation.ts";
import { withWords } from "./finding-words.ts";
import { withHotKeys } from "./hot-partition.ts";

function wordsOf(situation: GroupSituation): ReportedFinding {
  const finding = findCause(situation);
  assert.ok(finding);
  return withWords(finding, situation);
}

describe("findingWords", () => {
  const sentences: readonly [situation: GroupSituation, sentence: string][] = [
    [spoiled([partition(2, { hasLeader: false })]), "orders[2] has no leader: nobody can read it"],
    [
      spoiled([partition(1, { committedOffset: 400n, logStartOffset: 600n, lostMessages: 200n, lagMessages: 400n })]),
      "200 events of orders[1] were deleted before payments consumed them",
    ],
    [
      group({ events: loop(7, 6) }),
      "payments divides its partitions again and again: 7 times in 38 s; payments-9 came 7 times",
    ],
    [
      group({ ...deserted, ...empty, emptySinceMs: NOW - 70_000 }),
      "payments has had no members for 1 min; 500 events wait, the oldest for 1 min",
    ],
    [group({ unassigned: [unassigned] }), "Nobody of payments reads orders[6]; 40 events wait"],
    [
      spoiled([partition(0, { ...waitsForTransaction, heldByTransaction })]),
      [
        "payments cannot pass offset 1,000 of orders[0]: transaction billing-7 has been open for 45 s",
        "500 offsets lie behind it",
      ].join("; "),
    ],
    [spoiled([still(0, 30_000)]), "orders[0] does not get past offset 1,000; payments-0 lives and gets on elsewhere"],
    [
      spoiled([still(0, 40_000), still(3, 38_000)]),
      "payments-0 is in the group, but has committed nothing for 40 s on 2 partitions; 1,000 events wait",
    ],
    [
      group(all((at) => behind(at, 600_000, { rewind, pace: pace(100, 400) }))),
      "payments was set back by 24,000 events on 6 partitions; 24,000 of them are still to be consumed again",
    ],
    [
      spoiled([partition(0, { committedOffset: 6000n, skip })]),
      "payments was set forward over 5,000 events on orders[0] that it has not consumed",
    ],
    [
      spoiled([behind(1, 60_000, { pace: pace(900, 300) })]),
      "100 % of the lag of payments on orders sits in orders[1] of 6: 60/s in, 20/s out, while the others keep up",
    ],
    [
      group(all((at) => behind(at, 30_000))),
      "payments is too slow for orders: 120/s come, 40/s are consumed; 30,000 events wait",
    ],
  ];
  for (const [situation, sentence] of sentences)
    it(sentence, () => {
      assert.equal(wordsOf(situation).sentence, sentence);
    });
});

describe("withHotKeys", () => {
  it("names the keys that make a partition hot", () => {
    const finding = wordsOf(spoiled([behind(1, 60_000, { pace: pace(900, 300) })]));
    assert.ok(finding.cause === "hot_partition");
    assert.equal(
      withHotKeys(
        finding,
        [
          { key: "cust-77", share: 0.914 },
          { key: "cust-3", share: 0.02 },
        ],
        2000,
      ).facts[0]?.value,
      "cust-77 91 %, cust-3 2 % (of 2,000 events)",
    );
    assert.equal(withHotKeys(finding, [], 0), finding);
  });
});
