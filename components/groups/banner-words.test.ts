import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aCause, aGroupView, aPartition } from "./a-group-view.test-data.ts";
import { bannerWords, offersSkip } from "./banner-words.ts";

const HEAD = {
  topic: "orders",
  partition: 3,
  offset: "91204",
  occurredAt: null,
  type: "OrderPlaced",
  key: "cust-77",
  traceId: null,
  waitingMs: 1_084_000,
};

describe("bannerWords", () => {
  it("a stuck partition: where, what waits, who is alive, what it comes to", () => {
    const words = bannerWords(
      aGroupView(
        {
          verdict: "stalled",
          reason: "orders[3] has not moved for 18 min",
          catchUpSeconds: 240,
          dataLossSeconds: 514_800,
        },
        {
          partitions: [
            aPartition(0),
            aPartition(1),
            aPartition(3, { verdict: "stalled", lagMessages: "4212", clientId: "payments-7c9" }),
          ],
          head: [HEAD],
        },
      ),
    );
    assert.equal(words.tone, "bad");
    assert.equal(words.title, "orders[3] has not moved for 18 min");
    assert.equal(
      words.proof.join(" "),
      [
        "Offset 91,204 of orders[3] (OrderPlaced · key cust-77) is at the head.",
        "4,211 events wait behind it, the oldest for 18 m 04 s.",
        "Member payments-7c9 is alive.",
        "The other 2 partitions keep up.",
        "Data loss in 5 d 23 h.",
        "Catches up 4 m after it moves.",
      ].join(" "),
    );
  });

  const CAUSES: readonly { why: string; row: Parameters<typeof aGroupView>[0]; title: string; proof: string }[] = [
    {
      why: "a cause is named with what it holds",
      row: {
        verdict: "stalled",
        reason: "orders[1] has not moved for 2 min",
        reasonKind: "not_moving_for",
        cause: aCause("poison_event", { sentence: "orders[1] does not get past offset 60" }),
      },
      title: "orders[1] has not moved for 2 min: a poison event holds it",
      proof: [
        "Poison event: orders[1] does not get past offset 60.",
        "Member payments-1 is alive.",
        "The other partition keeps up.",
      ].join(" "),
    },
    {
      why: "a sentence that is the reason already is not repeated",
      row: {
        verdict: "stopped",
        lagMessages: "7",
        reason: "payments was set back",
        reasonKind: "cause",
        cause: aCause("rewound", { sentence: "payments was set back" }),
      },
      title: "payments was set back",
      proof: "7 events wait.",
    },
    {
      why: "what waits is not repeated where the cause tells it",
      row: {
        verdict: "stopped",
        members: 0,
        lagMessages: "7",
        reason: null,
        cause: aCause("no_members", { sentence: "nobody for 2 min; 7 events wait" }),
      },
      title: "nobody for 2 min; 7 events wait",
      proof: "",
    },
    {
      why: "what waits is not repeated where the reason tells it",
      row: {
        verdict: "rewound",
        lagMessages: "7",
        reason: "orders[1] went back to offset 60 and has not caught up; 7 events wait",
        reasonKind: "went_back",
        cause: aCause("rewound", { sentence: "payments was set back" }),
      },
      title: "orders[1] went back to offset 60 and has not caught up; 7 events wait",
      proof: "Rewound: payments was set back.",
    },
    {
      why: "what is lost is told, and at least how long the rest waits",
      row: {
        verdict: "warning",
        lagMessages: "7",
        timeLagMs: 60_000,
        timeLagIsFloor: true,
        lostMessages: "3",
        dataLossSeconds: 0,
        cause: aCause("skipped_ahead", { sentence: "it skipped events" }),
      },
      title: "it skipped events",
      proof:
        "7 events wait, the oldest for at least 1 m. 3 events are lost already. Retention deletes what waits, now.",
    },
    {
      why: "a cause without lag is a warning all the same",
      row: { verdict: "ok", cause: aCause("rebalance_loop", { sentence: "it rebalances" }) },
      title: "it rebalances",
      proof: "",
    },
  ];
  for (const { why, row, title, proof } of CAUSES) {
    it(why, () => {
      const words = bannerWords(
        aGroupView(row, { partitions: [aPartition(0), aPartition(1, { verdict: row.verdict ?? "ok" })] }),
      );
      assert.deepEqual([words.title, words.proof.join(" ")], [title, proof]);
      assert.notEqual(words.tone, "ok");
    });
  }

  it("shows the event the cause is about, not the one that waits longest", () => {
    const words = bannerWords(
      aGroupView({ verdict: "stalled", cause: aCause("poison_event") }, { head: [HEAD, { ...HEAD, partition: 1 }] }),
    );
    assert.equal(words.head?.partition, 1);
  });
  it("proves a poison event by what is at the head, in place of its sentence", () => {
    const proofOf = (shownBy: string) =>
      bannerWords(
        aGroupView(
          {
            verdict: "stalled",
            reason: "orders[3] has not moved for 18 min",
            cause: aCause("poison_event", { sentence: "orders[3] does not get past offset 91,204", data: { shownBy } }),
          },
          { head: [HEAD] },
        ),
      ).proof[0] ?? "";
    assert.match(proofOf("others_move"), /^Offset 91,204 of orders\[3\] \(OrderPlaced · key cust-77\) is at the head/);
    assert.match(proofOf("goes_back"), /^Poison event: orders\[3\] does not get past/);
  });
  it("tells of a past moment how long it had stood then", () => {
    const view = aGroupView(
      { verdict: "stopped", cause: aCause("poison_event", { since: "2026-11-21T02:40:00Z" }) },
      { at: "2026-11-21T02:43:00Z", head: [HEAD] },
    );
    assert.equal(bannerWords(view).title, "orders[1] has not moved for 3 min: a poison event holds it");
  });
  it("tells once that no member is connected", () => {
    assert.deepEqual(
      bannerWords(
        aGroupView({
          verdict: "stopped",
          members: 0,
          reason: "payments has no members; 3 events wait",
          reasonKind: "no_members",
        }),
      ).proof,
      [],
    );
    assert.deepEqual(bannerWords(aGroupView({ verdict: "stopped", members: 0 })).proof, ["No member is connected."]);
  });
  it("is quiet when all is well", () =>
    assert.deepEqual(bannerWords(aGroupView({})), {
      tone: "ok",
      title: "Keeps up with what arrives",
      proof: [],
      sinceAt: null,
      head: null,
    }));
  it("an empty group with nothing waiting is not alarming", () =>
    assert.equal(bannerWords(aGroupView({ members: 0 })).title, "No member is connected, and nothing waits"));
  it("a group whose members just left is not called one that keeps up", () => {
    const { tone, title } = bannerWords(aGroupView({ members: 0, lagMessages: "1779" }));
    assert.deepEqual([tone, title], ["neutral", "No member is connected; 1,779 wait"]);
    assert.equal(
      bannerWords(aGroupView({ members: 0, lagMessages: "3", protocol: "simple" })).title,
      "Keeps up with what arrives",
    );
  });
  it("a verdict that is not possible yet tells how much is known", () =>
    assert.match(bannerWords(aGroupView({ verdict: "unknown", evidence: 0.2 })).proof[0] ?? "", /20 %/));
});

describe("offersSkip", () => {
  const stuck = { verdict: "stalled", reason: "orders[3] has not moved for 18 min" } as const;
  const at = (flag: "transaction" | "lost" | null) => ({ partitions: [aPartition(3, { flag })], head: [HEAD] });
  for (const [why, row, over, expected] of [
    ["a stuck partition", stuck, at(null), true],
    ["a partition with another flag", stuck, at("lost"), true],
    ["an open transaction holds the event back", stuck, at("transaction"), false],
    ["an open transaction is the cause", { ...stuck, cause: aCause("open_transaction") }, at(null), false],
    ["a warning", { ...stuck, verdict: "warning" }, at(null), false],
    ["a moment of the past", stuck, { ...at(null), at: "2026-12-01T05:00:00.000Z" }, false],
    ["nothing at the head", stuck, { partitions: [aPartition(3)], head: [] }, false],
  ] as const)
    it(`${why}: ${expected}`, () => {
      const view = aGroupView(row, { ...over, partitions: [...over.partitions], head: [...over.head] });
      assert.equal(offersSkip(view, bannerWords(view)), expected);
    });
});
