import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { whyMissing } from "./why-missing.ts";

describe("whyMissing", () => {
  const log = { endOffset: 60n, lastStableOffset: 50n, heldBy: null, heldSince: null };
  const heldBy = { producerId: "4001", transactionalId: "billing-7" };
  for (const [offset, known, expected] of [
    [70n, log, "it is not written yet"],
    [60n, log, "it is not written yet"],
    [49n, log, "compaction or an aborted transaction took it"],
    [50n, null, "compaction or an aborted transaction took it, or it is not written yet"],
    [50n, log, "a transaction is open and holds it back: it can be read once that has ended"],
    [
      50n,
      { ...log, heldBy, heldSince: "2026-12-01T05:00:00.000Z" },
      "the transaction billing-7 of producer 4001 is open since 2026-12-01T05:00:00.000Z and holds it back: " +
        "it can be read once that has ended",
    ],
    [
      59n,
      { ...log, heldBy: { ...heldBy, transactionalId: null } },
      "a transaction of producer 4001 is open and holds it back: it can be read once that has ended",
    ],
  ] as const)
    it(`${offset}: ${expected}`, () => assert.equal(whyMissing(offset, known), expected));
});
