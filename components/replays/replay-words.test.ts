import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { itemWords, pace, shares } from "./replay-words.ts";

const few = fc.nat(5000);

describe("shares", () => {
  it("add up to the total, whatever became of the items", () => {
    fc.assert(
      fc.property(few, few, few, few, few, few, few, (consumed, deadLettered, unknown, waiting, skipped, failed, pending) => {
        const sent = consumed + deadLettered + unknown + waiting;
        const parts = shares({ total: sent + skipped + failed + pending, sent, skipped, failed, pending }, { consumed, deadLettered, waiting, unknown });
        assert.equal(parts.reduce((sum, part) => sum + part.items, 0), sent + skipped + failed + pending);
        assert.equal(parts.find((part) => part.key === "waiting")?.items, waiting);
      }),
    );
  });
  it("never draws less than nothing while counts and outcomes are read a moment apart", () => {
    const parts = shares({ total: 10, sent: 3, skipped: 0, failed: 0, pending: 7 }, { consumed: 4, deadLettered: 1, waiting: 0, unknown: 0 });
    assert.ok(parts.every((part) => part.items >= 0));
  });
});

describe("pace", () => {
  const row = { startedAt: "2026-11-21T12:00:00Z", finishedAt: null, progress: { total: 1204, sent: 812, skipped: 12, failed: 0, pending: 380 } };
  it("rate since the start, and what is left at that rate", () => assert.deepEqual(pace(row, Date.parse("2026-11-21T12:00:20Z")), { perSecond: 40.6, leftSeconds: 380 / 40.6 }));
  it("says nothing before anything was sent", () => assert.equal(pace({ ...row, progress: { ...row.progress, sent: 0 } }, Date.parse("2026-11-21T12:00:20Z")), null));
  it("says nothing when the browser's clock is behind", () => assert.equal(pace(row, Date.parse("2026-11-21T11:59:00Z")), null));
});

describe("itemWords", () => {
  for (const [item, text] of [
    [{ status: "sent", outcome: "consumed", detail: null }, "consumed"],
    [{ status: "sent", outcome: "dead_lettered", detail: null }, "failed again"],
    [{ status: "skipped", outcome: "not_sent", detail: "stale" }, "left out"],
    [{ status: "failed", outcome: "not_sent", detail: null }, "not sent: the broker refused it"],
  ] as const) {
    it(`${item.status}, ${item.outcome}: ${text}`, () => assert.equal(itemWords(item).text, text));
  }
});
