import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { aRule, NOW } from "./a-status.test-data.ts";
import { planDeliveries, type DeliveryFacts, type AlreadySent } from "./deliveries.ts";

const aSentMessage = (change: Partial<AlreadySent> = {}): AlreadySent => ({
  deliveryId: 1n,
  channel: "ops",
  rule: "stuck",
  dedupKey: "k1",
  alertIds: [1],
  open: false,
  silenced: false,
  lastAtMs: NOW - 1000,
  waiting: false,
  failed: false,
  ...change,
});
const fires = (...ids: number[]) => ids.map((id) => ({ id, rule: "stuck", silenced: false }));
const plan = (change: Partial<DeliveryFacts>) => {
  let keys = 0;
  const { joined, created } = planDeliveries({
    rules: [aRule()],
    firing: [],
    resolved: new Set(),
    alreadySent: [],
    nowMs: NOW,
    groupWaitMs: 15_000,
    repeatMs: 3_600_000,
    newKey: () => `new${++keys}`,
    ...change,
  });
  return {
    joined: joined.map(({ sent, alertIds }) => `${sent.dedupKey} ${alertIds.join()}`),
    created: created.map(({ kind, channel, dedupKey, alertIds, dueAtMs, status }) => {
      const silenced = status === "silenced" ? " silenced" : "";
      return `${kind} ${channel} ${dedupKey} ${alertIds.join()} +${dueAtMs - NOW}${silenced}`;
    }),
  };
};

describe("which messages are sent to which channel", () => {
  const rows: readonly [why: string, facts: Partial<DeliveryFacts>, joined: string[], created: string[]][] = [
    [
      "those that fire together go in one message, after the group wait",
      { firing: fires(1, 2) },
      [],
      ["firing ops new1 1,2 +15000"],
    ],
    [
      "each channel of the rule gets its own",
      { rules: [aRule({ channels: ["ops", "mail"] })], firing: fires(1) },
      [],
      ["firing ops new1 1 +15000", "firing mail new2 1 +15000"],
    ],
    [
      "one that begins within the wait joins",
      { firing: fires(1, 2), alreadySent: [aSentMessage({ open: true, waiting: true })] },
      ["k1 1,2"],
      [],
    ],
    [
      "one that begins later gets a message of its own",
      { firing: fires(1, 2), alreadySent: [aSentMessage()] },
      [],
      ["firing ops new1 2 +15000"],
    ],
    ["what was sent is not sent again", { firing: fires(1), alreadySent: [aSentMessage()] }, [], []],
    [
      "except after the repeat interval, under the same key",
      { firing: fires(1), alreadySent: [aSentMessage({ lastAtMs: NOW - 3_600_000, alertIds: [1, 9] })] },
      [],
      ["firing ops k1 1 +0"],
    ],
    [
      "but not while the last one still waits",
      { firing: fires(1), alreadySent: [aSentMessage({ lastAtMs: NOW - 3_600_000, waiting: true })] },
      [],
      [],
    ],
    [
      "what is resolved is sent under the same key",
      { resolved: new Set([1]), alreadySent: [aSentMessage()] },
      [],
      ["resolved ops k1 1 +0"],
    ],
    [
      "but only when the last alert of the message is resolved",
      { firing: fires(2), resolved: new Set([1]), alreadySent: [aSentMessage({ alertIds: [1, 2] })] },
      [],
      [],
    ],
    [
      "not to a channel that never accepted the first",
      { resolved: new Set([1]), alreadySent: [aSentMessage({ failed: true })] },
      [],
      [],
    ],
    [
      "also when the rule is gone",
      { rules: [], resolved: new Set([1]), alreadySent: [aSentMessage()] },
      [],
      ["resolved ops k1 1 +0"],
    ],
    [
      "a silence holds it back, which is logged once",
      { firing: [{ id: 1, rule: "stuck", silenced: true }] },
      [],
      ["firing ops new1 1 +0 silenced"],
    ],
    [
      "and not again in each cycle",
      { firing: [{ id: 1, rule: "stuck", silenced: true }], alreadySent: [aSentMessage({ silenced: true })] },
      [],
      [],
    ],
    [
      "when the silence ends it is sent",
      { firing: fires(1), alreadySent: [aSentMessage({ silenced: true })] },
      [],
      ["firing ops new1 1 +15000"],
    ],
    [
      "what was held back is not sent as resolved",
      { resolved: new Set([1]), alreadySent: [aSentMessage({ silenced: true })] },
      [],
      [],
    ],
    [
      "a silence holds repeats back",
      { firing: [{ id: 1, rule: "stuck", silenced: true }], alreadySent: [aSentMessage({ lastAtMs: 0 })] },
      [],
      [],
    ],
  ];
  for (const [why, facts, joined, created] of rows) it(why, () => assert.deepEqual(plan(facts), { joined, created }));

  it("sends every alert that is not silenced exactly once to each channel, whatever was sent before", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 30 })),
        fc.array(
          fc.record({
            alertIds: fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
            silenced: fc.boolean(),
            open: fc.boolean(),
          }),
          { maxLength: 6 },
        ),
        (ids, messages) => {
          const used = new Set<number>();
          const alreadySent = messages.map((one, i) =>
            aSentMessage({
              ...one,
              deliveryId: BigInt(i),
              dedupKey: `k${i}`,
              alertIds: one.alertIds.filter((id) => one.silenced || (!used.has(id) && used.add(id))),
            }),
          );
          const { joined, created } = planDeliveries({
            rules: [aRule()],
            firing: fires(...ids),
            resolved: new Set(),
            alreadySent,
            nowMs: NOW,
            groupWaitMs: 1,
            repeatMs: 3_600_000,
            newKey: () => "new",
          });
          const loud = alreadySent
            .filter((one) => !one.silenced)
            .map((one) => joined.find((more) => more.sent === one)?.alertIds ?? one.alertIds);
          const all = [...loud.flat(), ...created.flatMap((one) => one.alertIds)];
          for (const id of ids) assert.equal(all.filter((one) => one === id).length, 1);
        },
      ),
    );
  });
});
