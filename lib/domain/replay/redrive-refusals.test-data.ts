/** Which events a redrive leaves out, and for what reason. */
import { aDeadLetter, published } from "./redrive.test-data.ts";
import type { RedriveRules } from "./redrive.ts";
import type { EventToReplay } from "./event-to-replay.ts";

/** Each row is a promise to whoever presses Replay. */
export const REFUSALS: readonly {
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
