import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { aRule, NOW } from "./a-status.test-data.ts";
import { planDeliveries, type DeliveryFacts, type AlreadySent } from "./deliveries.ts";

const aTold = (change: Partial<AlreadySent> = {}): AlreadySent => ({
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
    told: [],
    nowMs: NOW,
    groupWaitMs: 15_000,
    repeatMs: 3_600_000,
    newKey: () => `new${++keys}`,
    ...change,
  });
  return {
    joined: joined.map(({ told, alertIds }) => `${told.dedupKey} ${alertIds.join()}`),
    created: created.map(
      (one) =>
        `${one.kind} ${one.channel} ${one.dedupKey} ${one.alertIds.join()} +${one.dueAtMs - NOW}${one.status === "silenced" ? " silenced" : ""}`,
    ),
  };
};

describe("what is told to whom", () => {
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
      { firing: fires(1, 2), told: [aTold({ open: true, waiting: true })] },
      ["k1 1,2"],
      [],
    ],
    [
      "one that begins later gets a message of its own",
      { firing: fires(1, 2), told: [aTold()] },
      [],
      ["firing ops new1 2 +15000"],
    ],
    ["what was told is not told again", { firing: fires(1), told: [aTold()] }, [], []],
    [
      "except after the repeat interval, under the same key",
      { firing: fires(1), told: [aTold({ lastAtMs: NOW - 3_600_000, alertIds: [1, 9] })] },
      [],
      ["firing ops k1 1 +0"],
    ],
    [
      "but not while the last one still waits",
      { firing: fires(1), told: [aTold({ lastAtMs: NOW - 3_600_000, waiting: true })] },
      [],
      [],
    ],
    [
      "what is over is told under the same key",
      { resolved: new Set([1]), told: [aTold()] },
      [],
      ["resolved ops k1 1 +0"],
    ],
    [
      "when the last of the message is over",
      { firing: fires(2), resolved: new Set([1]), told: [aTold({ alertIds: [1, 2] })] },
      [],
      [],
    ],
    ["not to those who never got the first", { resolved: new Set([1]), told: [aTold({ failed: true })] }, [], []],
    [
      "also when the rule is gone",
      { rules: [], resolved: new Set([1]), told: [aTold()] },
      [],
      ["resolved ops k1 1 +0"],
    ],
    [
      "a silence holds it back, and that is noted once",
      { firing: [{ id: 1, rule: "stuck", silenced: true }] },
      [],
      ["firing ops new1 1 +0 silenced"],
    ],
    [
      "and not again each turn",
      { firing: [{ id: 1, rule: "stuck", silenced: true }], told: [aTold({ silenced: true })] },
      [],
      [],
    ],
    [
      "when the silence ends it is told",
      { firing: fires(1), told: [aTold({ silenced: true })] },
      [],
      ["firing ops new1 1 +15000"],
    ],
    ["what was held back is not told as over", { resolved: new Set([1]), told: [aTold({ silenced: true })] }, [], []],
    [
      "a silence holds repeats back",
      { firing: [{ id: 1, rule: "stuck", silenced: true }], told: [aTold({ lastAtMs: 0 })] },
      [],
      [],
    ],
  ];
  for (const [why, facts, joined, created] of rows) it(why, () => assert.deepEqual(plan(facts), { joined, created }));

  it("tells every loud alert exactly once to each channel, whatever is told already", () => {
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
          const seen = new Set<number>();
          const told = messages.map((one, i) =>
            aTold({
              ...one,
              deliveryId: BigInt(i),
              dedupKey: `k${i}`,
              alertIds: one.alertIds.filter((id) => one.silenced || (!seen.has(id) && seen.add(id))),
            }),
          );
          const { joined, created } = planDeliveries({
            rules: [aRule()],
            firing: fires(...ids),
            resolved: new Set(),
            told,
            nowMs: NOW,
            groupWaitMs: 1,
            repeatMs: 3_600_000,
            newKey: () => "new",
          });
          const loud = told
            .filter((one) => !one.silenced)
            .map((one) => joined.find((more) => more.told === one)?.alertIds ?? one.alertIds);
          const all = [...loud.flat(), ...created.flatMap((one) => one.alertIds)];
          for (const id of ids) assert.equal(all.filter((one) => one === id).length, 1);
        },
      ),
    );
  });
});
