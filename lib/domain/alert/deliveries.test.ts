import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { aRule, NOW } from "./a-status.test-data.ts";
import { planDeliveries, type DeliveryFacts } from "./deliveries.ts";
import { aSentMessage, DELIVERY_CASES, fires } from "./deliveries.test-data.ts";
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
  for (const [why, facts, joined, created] of DELIVERY_CASES)
    it(why, () => assert.deepEqual(plan(facts), { joined, created }));

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
