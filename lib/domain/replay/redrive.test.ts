import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { planRedrive, type DeadLetterToReplay, type RedriveRules } from "./redrive.ts";

let nextId = 1n;
const aLetter = (row: Partial<DeadLetterToReplay> = {}): DeadLetterToReplay => ({
  failureId: nextId++, status: "open", inAnotherRun: false, cluster: "demo", sourceTopic: "orders-dlt", sourcePartition: 0, sourceOffset: nextId, sourceLogStart: 0n,
  originalTopic: "orders", originalPartition: 2, originalOffset: nextId, groupName: "payments", key: "k", ...row,
});
const rules = (row: Partial<RedriveRules> = {}): RedriveRules => ({ targetTopic: null, onlyGroup: null, retryTopicOf: () => null, partitionsOf: (_cluster, topic) => (topic === "gone" ? null : 6), maxItems: 1000, ...row });

/** Each row is a promise to whoever presses Replay. */
const REFUSALS: readonly { why: string; letters: DeadLetterToReplay[]; rules?: Partial<RedriveRules>; sent: number; excluded: Record<string, number> }[] = [
  { why: "what was sent again is not sent twice", letters: [aLetter({ status: "replaying" }), aLetter({ status: "resolved" }), aLetter()], sent: 1, excluded: { already_replayed: 2 } },
  { why: "what another run has in hand stays with it", letters: [aLetter({ inAnotherRun: true })], sent: 0, excluded: { in_another_run: 1 } },
  { why: "what retention took cannot be sent", letters: [aLetter({ sourceOffset: 4n, sourceLogStart: 5n })], sent: 0, excluded: { expired: 1 } },
  { why: "the first record still held can be sent", letters: [aLetter({ sourceOffset: 5n, sourceLogStart: 5n })], sent: 1, excluded: {} },
  { why: "an unknown log start holds nothing back", letters: [aLetter({ sourceLogStart: null })], sent: 1, excluded: {} },
  { why: "a letter that names no topic needs one", letters: [aLetter({ originalTopic: null })], sent: 0, excluded: { no_original_topic: 1 } },
  { why: "a given target serves letters that name none", letters: [aLetter({ originalTopic: null })], rules: { targetTopic: "parking" }, sent: 1, excluded: {} },
  { why: "a topic that is gone takes nothing", letters: [aLetter({ originalTopic: "gone" })], sent: 0, excluded: { target_missing: 1 } },
  { why: "an event two groups gave up on is sent once", letters: [aLetter({ originalOffset: 9n }), aLetter({ originalOffset: 9n, groupName: "olf" })], sent: 1, excluded: { same_event: 1 } },
  { why: "for one group, what failed in another stays", letters: [aLetter(), aLetter({ groupName: "olf" }), aLetter({ groupName: null })], rules: { onlyGroup: "payments" }, sent: 2, excluded: { other_group: 1 } },
  { why: "one run stays in one cluster", letters: [aLetter(), aLetter(), aLetter({ cluster: "other" })], sent: 2, excluded: { other_cluster: 1 } },
  { why: "a run is bounded", letters: [aLetter(), aLetter(), aLetter()], rules: { maxItems: 2 }, sent: 2, excluded: { over_limit: 1 } },
];

describe("planRedrive", () => {
  for (const row of REFUSALS) {
    it(row.why, () => {
      const plan = planRedrive(row.letters, rules(row.rules));
      assert.equal(plan.items.length, row.sent);
      assert.deepEqual(Object.fromEntries(plan.excluded), row.excluded);
    });
  }

  it("returns a letter to its own partition, and elsewhere by key", () => {
    const partition = (letter: DeadLetterToReplay, own: Partial<RedriveRules> = {}) => planRedrive([letter], rules(own)).items[0]?.targetPartition;
    assert.equal(partition(aLetter({ originalPartition: 2 })), 2);
    assert.equal(partition(aLetter({ originalPartition: 7 })), null, "the topic has six partitions");
    assert.equal(partition(aLetter({ originalPartition: -1 })), null);
    assert.equal(partition(aLetter(), { targetTopic: "parking" }), null);
  });

  it("sends to the group's retry topic where it has one, by key", () => {
    const target = (own: Partial<RedriveRules>) => planRedrive([aLetter()], rules(own)).items.map(({ targetTopic, targetPartition }) => [targetTopic, targetPartition])[0];
    const retryTopicOf = (_cluster: string, topic: string) => `${topic}-retry`;
    assert.deepEqual(target({ onlyGroup: "payments", retryTopicOf }), ["orders-retry", null]);
    assert.deepEqual(target({ onlyGroup: "payments" }), ["orders", 2]);
    assert.deepEqual(target({ retryTopicOf }), ["orders", 2]);
  });

  it("sends events of a partition in the order they were published, whatever order they died in", () => {
    const offsets = fc.uniqueArray(fc.record({ partition: fc.integer({ min: 0, max: 3 }), offset: fc.bigInt({ min: 0n, max: 50n }) }), { selector: ({ partition, offset }) => `${partition}/${offset}` });
    fc.assert(fc.property(offsets, (origins) => {
      const plan = planRedrive(origins.map(({ partition, offset }) => aLetter({ originalPartition: partition, originalOffset: offset })), rules());
      assert.equal(plan.items.length, origins.length);
      const last = new Map<number, bigint>();
      for (const { letter } of plan.items) {
        const before = last.get(letter.originalPartition ?? 0);
        assert.ok(before === undefined || before < (letter.originalOffset ?? 0n));
        last.set(letter.originalPartition ?? 0, letter.originalOffset ?? 0n);
      }
    }));
  });

  it("accounts for every letter once", () => {
    const anyLetter = fc.record({ status: fc.constantFrom("open" as const, "resolved" as const), inAnotherRun: fc.boolean(), originalTopic: fc.constantFrom("orders", "gone", null), originalOffset: fc.bigInt({ min: 0n, max: 5n }), cluster: fc.constantFrom("demo", "other") });
    fc.assert(fc.property(fc.array(anyLetter), fc.integer({ min: 0, max: 5 }), (rows, maxItems) => {
      const plan = planRedrive(rows.map((row) => aLetter(row)), rules({ maxItems }));
      const excluded = [...plan.excluded.values()].reduce((sum, count) => sum + count, 0);
      assert.equal(plan.items.length + excluded, rows.length);
    }));
  });
});
