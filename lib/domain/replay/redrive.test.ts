import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { planRedrive, type RedriveRules } from "./redrive.ts";
import { type EventToReplay } from "./event-to-replay.ts";
import { aDeadLetter, published, rules } from "./redrive.test-data.ts";
import { REFUSALS } from "./redrive-refusals.test-data.ts";

describe("planRedrive", () => {
  for (const row of REFUSALS) {
    it(row.why, () => {
      const plan = planRedrive(row.deadLetters, rules(row.rules));
      assert.equal(plan.items.length, row.sent);
      assert.deepEqual(Object.fromEntries(plan.excluded), row.excluded);
    });
  }

  it("returns a letter to its own partition, and elsewhere by key", () => {
    const partition = (deadLetter: EventToReplay, own: Partial<RedriveRules> = {}) =>
      planRedrive([deadLetter], rules(own)).items[0]?.targetPartition;
    assert.equal(partition(aDeadLetter({ originalPartition: 2 })), 2);
    assert.equal(partition(aDeadLetter({ originalPartition: 7 })), null, "the topic has six partitions");
    assert.equal(partition(aDeadLetter({ originalPartition: -1 })), null);
    assert.equal(partition(aDeadLetter(), { targetTopic: "parking" }), null);
  });

  it("sends to the group's retry topic where it has one, by key", () => {
    const target = (own: Partial<RedriveRules>) =>
      planRedrive([aDeadLetter()], rules(own)).items.map(({ targetTopic, targetPartition }) => [
        targetTopic,
        targetPartition,
      ])[0];
    const retryTopicOf = (_cluster: string, topic: string) => `${topic}-retry`;
    assert.deepEqual(target({ onlyGroup: "payments", retryTopicOf }), ["orders-retry", null]);
    assert.deepEqual(target({ onlyGroup: "payments" }), ["orders", 2]);
    assert.deepEqual(target({ retryTopicOf }), ["orders", 2]);
  });

  it("sends events of a partition in the order they were published, whatever order they died in", () => {
    const offsets = fc.uniqueArray(
      fc.record({ partition: fc.integer({ min: 0, max: 3 }), offset: fc.bigInt({ min: 0n, max: 50n }) }),
      { selector: ({ partition, offset }) => `${partition}/${offset}` },
    );
    fc.assert(
      fc.property(offsets, (origins) => {
        const plan = planRedrive(
          origins.map(({ partition, offset }) => aDeadLetter({ originalPartition: partition, originalOffset: offset })),
          rules(),
        );
        assert.equal(plan.items.length, origins.length);
        const last = new Map<number, bigint>();
        for (const { event } of plan.items) {
          const before = last.get(event.originalPartition ?? 0);
          assert.ok(before === undefined || before < (event.originalOffset ?? 0n));
          last.set(event.originalPartition ?? 0, event.originalOffset ?? 0n);
        }
      }),
    );
  });

  it("mends no failure from a sandbox", () =>
    assert.equal(
      planRedrive([aDeadLetter()], rules({ targetTopic: "sandbox", isSandbox: true })).items[0]?.event.failureId,
      null,
    ));

  it("sends what goes to one topic in the order of time, though clocks of producers differ", () => {
    const order = planRedrive(
      [
        published("b", 0, 1n, 20),
        published("a", 0, 1n, 10),
        published("a", 0, 2n, 30),
        published("a", 0, 3n, 15),
        published("b", 0, 2n, 25),
      ],
      rules({ targetTopic: "sandbox", isSandbox: true }),
    );
    assert.deepEqual(
      order.items.map(({ event }) => `${event.originalTopic}${event.originalOffset}`),
      ["a1", "b1", "b2", "a2", "a3"],
      "a3 says it is older than a2, which it is not",
    );
  });

  it("accounts for every letter once", () => {
    const anyDeadLetter = fc.record({
      status: fc.constantFrom("open" as const, "resolved" as const),
      inAnotherRun: fc.boolean(),
      originalTopic: fc.constantFrom("orders", "gone", null),
      originalOffset: fc.bigInt({ min: 0n, max: 5n }),
      cluster: fc.constantFrom("demo", "other"),
    });
    fc.assert(
      fc.property(fc.array(anyDeadLetter), fc.integer({ min: 0, max: 5 }), (rows, maxItems) => {
        const plan = planRedrive(
          rows.map((row) => aDeadLetter(row)),
          rules({ maxItems }),
        );
        const excluded = [...plan.excluded.values()].reduce((sum, count) => sum + count, 0);
        assert.equal(plan.items.length + excluded, rows.length);
      }),
    );
  });
});
