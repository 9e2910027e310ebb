import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { planRedrive, type EventToReplay, type RedriveRules } from "./redrive.ts";

let nextId = 1n;
const aDeadLetter = (row: Partial<EventToReplay> = {}): EventToReplay => ({
  failureId: nextId++,
  isDeadLetter: true,
  isErrorEvent: false,
  status: "open",
  inAnotherRun: false,
  isCopyOfReplay: false,
  cluster: "demo",
  sourceTopic: "orders-dlt",
  sourcePartition: 0,
  sourceOffset: nextId,
  sourceLogStart: 0n,
  originalTopic: "orders",
  originalPartition: 2,
  originalOffset: nextId,
  publishedAtMs: 0,
  groupName: "payments",
  key: "k",
  ...row,
});
const published = (
  topic: string,
  partition: number,
  offset: bigint,
  publishedAtMs: number,
  row: Partial<EventToReplay> = {},
): EventToReplay =>
  aDeadLetter({
    failureId: null,
    isDeadLetter: false,
    sourceTopic: topic,
    sourcePartition: partition,
    sourceOffset: offset,
    originalTopic: topic,
    originalPartition: partition,
    originalOffset: offset,
    publishedAtMs,
    groupName: null,
    ...row,
  });
const rules = (row: Partial<RedriveRules> = {}): RedriveRules => ({
  targetTopic: null,
  isSandbox: false,
  onlyGroup: null,
  retryTopicOf: () => null,
  partitionsOf: (_cluster, topic) => (topic === "gone" ? null : 6),
  maxItems: 1000,
  ...row,
});

/** Each row is a promise to whoever presses Replay. */
const REFUSALS: readonly {
  why: string;
  deadLetters: EventToReplay[];
  rules?: Partial<RedriveRules>;
  sent: number;
  excluded: Record<string, number>;
}[] = [
  {
    why: "what was sent again is not sent twice",
    deadLetters: [aDeadLetter({ status: "replaying" }), aDeadLetter({ status: "resolved" }), aDeadLetter()],
    sent: 1,
    excluded: { already_replayed: 2 },
  },
  {
    why: "an event that tells of an error is no copy of the one that failed",
    deadLetters: [aDeadLetter({ isErrorEvent: true, isDeadLetter: false }), aDeadLetter()],
    rules: { targetTopic: "parking", isSandbox: true },
    sent: 1,
    excluded: { error_event: 1 },
  },
  {
    why: "what another run has in hand stays with it",
    deadLetters: [aDeadLetter({ inAnotherRun: true })],
    sent: 0,
    excluded: { in_another_run: 1 },
  },
  {
    why: "what retention took cannot be sent",
    deadLetters: [aDeadLetter({ sourceOffset: 4n, sourceLogStart: 5n })],
    sent: 0,
    excluded: { expired: 1 },
  },
  {
    why: "the first record still held can be sent",
    deadLetters: [aDeadLetter({ sourceOffset: 5n, sourceLogStart: 5n })],
    sent: 1,
    excluded: {},
  },
  {
    why: "an unknown log start holds nothing back",
    deadLetters: [aDeadLetter({ sourceLogStart: null })],
    sent: 1,
    excluded: {},
  },
  {
    why: "a letter that names no topic needs one",
    deadLetters: [aDeadLetter({ originalTopic: null })],
    sent: 0,
    excluded: { no_original_topic: 1 },
  },
  {
    why: "a given target serves letters that name none",
    deadLetters: [aDeadLetter({ originalTopic: null })],
    rules: { targetTopic: "parking" },
    sent: 1,
    excluded: {},
  },
  {
    why: "a topic that is gone takes nothing",
    deadLetters: [aDeadLetter({ originalTopic: "gone" })],
    sent: 0,
    excluded: { target_missing: 1 },
  },
  {
    why: "an event two groups gave up on is sent once",
    deadLetters: [aDeadLetter({ originalOffset: 9n }), aDeadLetter({ originalOffset: 9n, groupName: "olf" })],
    sent: 1,
    excluded: { same_event: 1 },
  },
  {
    why: "for one group, what failed in another stays",
    deadLetters: [aDeadLetter(), aDeadLetter({ groupName: "olf" }), aDeadLetter({ groupName: null })],
    rules: { onlyGroup: "payments" },
    sent: 2,
    excluded: { other_group: 1 },
  },
  {
    why: "one run stays in one cluster",
    deadLetters: [aDeadLetter(), aDeadLetter(), aDeadLetter({ cluster: "other" })],
    sent: 2,
    excluded: { other_cluster: 1 },
  },
  {
    why: "an event as it was published goes again, where nobody failed on it",
    deadLetters: [published("orders", 0, 7n, 0)],
    sent: 1,
    excluded: {},
  },
  {
    why: "what nobody failed on may go to one group",
    deadLetters: [published("orders", 0, 7n, 0)],
    rules: { onlyGroup: "payments" },
    sent: 1,
    excluded: {},
  },
  {
    why: "an event and its dead letter are one",
    deadLetters: [published("orders", 0, 7n, 0), aDeadLetter({ originalPartition: 0, originalOffset: 7n })],
    sent: 1,
    excluded: { same_event: 1 },
  },
  {
    why: "a copy that a replay sent is not sent beside its original",
    deadLetters: [published("orders", 0, 7n, 0), published("orders", 0, 9n, 0, { isCopyOfReplay: true })],
    sent: 1,
    excluded: { copy_of_replay: 1 },
  },
  {
    why: "an event whose failure another run mends stays with it",
    deadLetters: [published("orders", 0, 7n, 0, { failureId: 3n, inAnotherRun: true })],
    sent: 0,
    excluded: { in_another_run: 1 },
  },
  {
    why: "a sandbox takes what was sent again before, and what another run has in hand",
    deadLetters: [
      aDeadLetter({ status: "resolved" }),
      aDeadLetter({ inAnotherRun: true }),
      published("orders", 0, 9n, 0, { isCopyOfReplay: true }),
    ],
    rules: { targetTopic: "sandbox", isSandbox: true },
    sent: 3,
    excluded: {},
  },
  {
    why: "a sandbox cannot bring back what retention took",
    deadLetters: [aDeadLetter({ sourceOffset: 4n, sourceLogStart: 5n })],
    rules: { targetTopic: "sandbox", isSandbox: true },
    sent: 0,
    excluded: { expired: 1 },
  },
  {
    why: "a run is bounded",
    deadLetters: [aDeadLetter(), aDeadLetter(), aDeadLetter()],
    rules: { maxItems: 2 },
    sent: 2,
    excluded: { over_limit: 1 },
  },
];

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
