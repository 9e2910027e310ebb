import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CAUSES, type Cause } from "#lib/domain/health/cause.ts";
import { aCause, aGroupView } from "../a-group-view.test-data.ts";
import { nextSteps } from "./next-steps.ts";

const stepsOf = (cause: Cause, data: Record<string, unknown> = {}, view: Parameters<typeof aGroupView>[1] = {}) =>
  nextSteps(aGroupView({ verdict: "stalled", cause: aCause(cause, { data }) }, view));
const textOf = (steps: ReturnType<typeof stepsOf>) =>
  steps.flatMap(({ text, link, command }) => [text, link?.href ?? "", command?.value ?? ""]).join("\n");
const HEAD = {
  topic: "orders",
  partition: 1,
  offset: "91204",
  occurredAt: null,
  type: null,
  key: null,
  traceId: "0af7651916cd43dd8448eb211c80319c",
  waitingMs: null,
};

describe("nextSteps", () => {
  it("has none where no cause is known", () => assert.deepEqual(nextSteps(aGroupView({})), []));

  for (const cause of CAUSES) {
    it(`${cause}: knows what to do, also where the evidence is missing or strange`, () => {
      for (const data of [{}, { members: "many", partitions: null, keys: 7, lastLeft: "x", byClient: [] }]) {
        const steps = stepsOf(cause, data);
        assert.ok(steps.length > 0);
        assert.ok(
          steps.every(({ text }) => /[.!]$/.test(text)),
          textOf(steps),
        );
      }
      assert.ok(nextSteps(aGroupView({ cause: aCause(cause, { at: null }) })) !== undefined);
    });
  }

  const CASES: readonly {
    why: string;
    cause: Cause;
    data?: Record<string, unknown>;
    view?: Parameters<typeof aGroupView>[1];
    expected: readonly RegExp[];
  }[] = [
    {
      why: "opens the event, its trace and similar failures, and skips exactly one",
      cause: "poison_event",
      view: { head: [HEAD], failures: { open: 12, lastHour: 1 } },
      expected: [
        /\/topics\/c\/orders\?tab=messages&mode=browse&partition=1&offset=91204/,
        /\/traces\/0af76/,
        /12 failed events/,
        /tab=replay&skip=orders%2F1%2F91204/,
        /--to-offset 91205 --dry-run/,
      ],
    },
    {
      why: "says who left last, from where, and shows that moment",
      cause: "no_members",
      data: { lastLeft: { memberId: "m", clientId: "payments-7c9", host: "10.0.0.9", at: "2026-11-21T02:41:07.000Z" } },
      expected: [
        /payments-7c9 left last, from 10\.0\.0\.9/,
        /at=2026-11-21T02%3A41%3A07\.000Z/,
        /--delete --group payments/,
      ],
    },
    {
      why: "names who comes and goes most",
      cause: "rebalance_loop",
      data: { byClient: { a: 2, b: 9 } },
      expected: [/log of b, which joined 9 times/],
    },
    {
      why: "names who hangs",
      cause: "hung_member",
      data: { members: [{ memberId: "m", clientId: "p-1", host: "10.0.0.1", partitions: [] }] },
      expected: [/thread dump of p-1 on 10\.0\.0\.1/],
    },
    {
      why: "says how many members the partitions allow",
      cause: "too_slow",
      data: { factor: 2.31, members: 2, partitions: 6, topic: "orders" },
      expected: [/2\.3 times/, /2 run now, and up to 4 more/],
    },
    {
      why: "says when more members do not help",
      cause: "too_slow",
      data: { factor: 2, members: 6, partitions: 6, topic: "orders" },
      expected: [/do not help/, /--alter --topic orders --partitions 12/],
    },
    {
      why: "names the hot keys",
      cause: "hot_partition",
      data: { keys: [{ key: "cust-1", share: 0.81 }] },
      expected: [/cust-1 \(81 %\) makes it hot/],
    },
    {
      why: "aborts the transaction where it begins",
      cause: "open_transaction",
      data: { transactionalId: "billing 1", lastStableOffset: "77" },
      expected: [
        /--transactional-id 'billing 1'/,
        /kafka-transactions\.sh --bootstrap-server "\$BROKERS" abort --topic orders --partition 1 --start-offset 77/,
      ],
    },
    {
      why: "sets back what was rewound",
      cause: "rewound",
      data: { partitions: [{ topic: "orders", partition: 1, from: "500", to: "20", at: "2026-11-21T02:41:07.000Z" }] },
      expected: [/--to-offset 500/, /at=2026-11-21T02/],
    },
    {
      why: "shows what was skipped",
      cause: "skipped_ahead",
      data: { partitions: [{ topic: "orders", partition: 1, from: "20", to: "500", at: "2026-11-21T02:41:07.000Z" }] },
      expected: [/browse&partition=1&offset=20/, /--to-offset 20/],
    },
    {
      why: "blames no consumer for the broker",
      cause: "broker_trouble",
      expected: [/not the consumer’s fault/, /--unavailable-partitions/],
    },
  ];
  for (const { why, cause, data, view, expected } of CASES) {
    it(`${cause}: ${why}`, () => {
      const text = textOf(stepsOf(cause, data, view));
      for (const pattern of expected) assert.match(text, pattern);
    });
  }
});
