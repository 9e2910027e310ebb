import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupView, PartitionRow } from "#lib/contracts/groups.ts";
import { bannerWords } from "./banner-words.ts";

const partition = (number: number, over: Partial<PartitionRow> = {}): PartitionRow => ({
  topic: "orders", partition: number, committedOffset: "100", endOffset: "110", logStartOffset: "0", lagMessages: "10", timeLagMs: 300, timeLagIsFloor: false, lastStableOffset: null, inRate: 0, outRate: 0, catchUpSeconds: null, dataLossSeconds: null, lostMessages: "0", flag: null, verdict: "ok", evidence: 1, movedAt: null, memberId: "m", clientId: `payments-${number}`, heat: [], ...over,
});
const view = (row: Partial<GroupView["row"]>, over: Partial<GroupView> = {}): GroupView => ({
  row: { cluster: "c", group: "payments", protocol: "classic", state: "Stable", members: 3, service: null, topics: ["orders"], verdict: "ok", verdictSince: null, evidence: 1, reason: null, cause: null, lagMessages: "0", timeLagMs: null, timeLagIsFloor: false, dataLossSeconds: null, lostMessages: "0", inRate: 0, outRate: 0, catchUpSeconds: null, spark: [], judgedAt: null, ...row },
  coordinator: null, generation: null, at: null, missing: null, marks: [], incidents: [], partitions: [partition(0), partition(1)], members: [], head: [], stepSeconds: 20, series: [], failures: { open: 0, lastHour: 0 }, ...over,
});

describe("bannerWords", () => {
  it("a stuck partition: where, what waits, who is alive, what it comes to", () => {
    const words = bannerWords(
      view(
        { verdict: "stalled", reason: "orders[3] has not moved for 18 min", catchUpSeconds: 240, dataLossSeconds: 514_800 },
        {
          partitions: [partition(0), partition(1), partition(3, { verdict: "stalled", lagMessages: "4212", clientId: "payments-7c9" })],
          head: [{ topic: "orders", partition: 3, offset: "91204", occurredAt: null, type: "OrderPlaced", key: "cust-77", traceId: null, waitingMs: 1_084_000 }],
        },
      ),
    );
    assert.equal(words.tone, "bad");
    assert.equal(words.title, "orders[3] has not moved for 18 min");
    assert.equal(
      words.proof.join(" "),
      "Offset 91,204 of orders[3] (OrderPlaced · key cust-77) is at the head. 4,211 events wait behind it, the oldest for 18 m 04 s. Member payments-7c9 is alive. The other 2 partitions keep up. Data loss in 5 d 23 h. Catches up 4 m after it moves.",
    );
  });
  it("says once that nobody is connected", () => {
    assert.deepEqual(bannerWords(view({ verdict: "stopped", members: 0, reason: "payments has no members; 3 events wait" })).proof, []);
    assert.deepEqual(bannerWords(view({ verdict: "stopped", members: 0 })).proof, ["No member is connected."]);
  });
  it("is quiet when all is well", () => assert.deepEqual(bannerWords(view({})), { tone: "ok", title: "Keeps up with what arrives", proof: [], head: null }));
  it("an empty group with nothing waiting is not alarming", () => assert.equal(bannerWords(view({ members: 0 })).title, "No member is connected, and nothing waits"));
  it("a verdict not yet possible says how much was seen", () => assert.match(bannerWords(view({ verdict: "unknown", evidence: 0.2 })).proof[0] ?? "", /20 %/));
});
