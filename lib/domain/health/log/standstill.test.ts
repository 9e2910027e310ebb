import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { behind, mine, NOW, still } from "./causes/a-situation.test-data.ts";
import { slowNotStopped } from "./standstill.ts";

describe("slowNotStopped", () => {
  const situated = { allowedLagMessages: 0n, nowMs: NOW };
  for (const [name, partitions, slow] of [
    ["works off another partition first", [still(0, 90_000, mine), behind(1, 90_000, mine)], [0]],
    ["another member's work is not its own", [still(0, 90_000, mine), behind(1, 90_000, { memberId: "m-1" })], []],
    [
      "has caught up elsewhere since, and had time for it",
      [still(0, 90_000, mine), behind(1, 1000, { ...mine, caughtUpAtMs: NOW - 20_000 })],
      [],
    ],
    ["commits every minute", [still(0, 90_000, { ...mine, commitEveryMs: 60_000 })], [0]],
    ["does nothing at all", [still(0, 90_000, mine), still(1, 90_000, mine)], []],
    ["its member is not known", [still(0, 90_000, { memberId: null }), behind(1, 90_000, { memberId: null })], []],
  ] as const)
    it(name, () =>
      assert.deepEqual(
        slowNotStopped(partitions, situated).map((at) => at.partition),
        slow,
      ),
    );
});
