import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupEvent } from "#lib/contracts/group-history.ts";
import { chartMarkers } from "./chart-markers.ts";

const MINUTE = 60_000;
const mark = (minute: number, kind: GroupEvent["kind"], text: string = kind): GroupEvent => ({
  at: new Date(minute * MINUTE).toISOString(),
  kind,
  text,
});

describe("chartMarks", () => {
  const CASES: readonly { why: string; marks: GroupEvent[]; expected: [minute: number, label: string][] }[] = [
    {
      why: "one moment, its own words",
      marks: [mark(10, "deploy", "deploy: 3 members replaced")],
      expected: [[10, "deploy: 3 members replaced"]],
    },
    {
      why: "a deploy says what it brings about",
      marks: [mark(10, "left"), mark(10.2, "joined"), mark(10.4, "rebalance"), mark(10.5, "deploy", "deploy")],
      expected: [[10, "deploy"]],
    },
    {
      why: "a loop is counted",
      marks: [mark(10, "rebalance"), mark(10.3, "rebalance"), mark(10.6, "rebalance")],
      expected: [[10, "3 rebalances"]],
    },
    { why: "what lies outside is left out", marks: [mark(-1, "left"), mark(31, "left")], expected: [] },
    {
      why: "of many only the most telling have words",
      marks: [mark(1, "rebalance"), ...[4, 9, 17, 21, 25].map((minute) => mark(minute, "left", `left ${minute}`))],
      expected: [
        [1, ""],
        [4, ""],
        [9, "left 9"],
        [17, "left 17"],
        [21, "left 21"],
        [25, "left 25"],
      ],
    },
    {
      why: "words do not stand on each other",
      marks: [mark(14, "left", "payments-0 left"), mark(16, "deploy", "deploy: 3 members replaced")],
      expected: [
        [14, ""],
        [16, "deploy: 3 members replaced"],
      ],
    },
    { why: "a long name is cut", marks: [mark(10, "left", "x".repeat(90))], expected: [[10, `${"x".repeat(33)}…`]] },
  ];
  for (const { why, marks, expected } of CASES)
    it(why, () =>
      assert.deepEqual(
        chartMarkers(marks, 0, 30 * MINUTE).map(({ at, label }) => [at / MINUTE, label]),
        expected,
      ),
    );
});
