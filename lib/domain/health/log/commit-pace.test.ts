import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commitEveryMs, slowestCommitMs } from "./commit-pace.ts";

const ringOf = (rows: readonly (readonly [offset: number, second: number, lag: number | null])[]) =>
  rows.map(([offset, second, lag]) => ({
    offset: BigInt(offset),
    atMs: second * 1000,
    lagMessages: lag === null ? null : BigInt(lag),
  }));

describe("the pace of commits", () => {
  for (const [name, rows, every, slowest] of [
    ["nothing committed", [], null, null],
    ["one commit", [[1, 0, 9]], null, null],
    [
      "two commits while events wait",
      [
        [1, 0, 9],
        [5, 40, 9],
      ],
      null,
      60_000,
    ],
    [
      "the slowest of several",
      [
        [1, 0, 9],
        [2, 14, 9],
        [3, 100, 9],
      ],
      50_000,
      129_000,
    ],
    [
      "what came after an idle hour was not slow",
      [
        [1, 0, 0],
        [2, 3600, 9],
        [3, 3610, 9],
      ],
      1_805_000,
      15_000,
    ],
    [
      "the same offset again is no progress",
      [
        [1, 0, 9],
        [1, 60, 9],
        [2, 65, 9],
      ],
      32_500,
      7500,
    ],
    [
      "lags that are not known",
      [
        [1, 0, null],
        [2, 30, null],
      ],
      null,
      45_000,
    ],
    [
      "never more than a consumer has to poll",
      [
        [1, 0, 9],
        [2, 900, 9],
      ],
      null,
      300_000,
    ],
  ] as const)
    it(name, () => {
      const ring = ringOf(rows);
      assert.deepEqual([commitEveryMs(ring), slowestCommitMs(ring)], [every, slowest]);
    });
});
