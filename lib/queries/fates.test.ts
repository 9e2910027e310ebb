import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DeadLetterOf, FateColumns } from "#lib/store/events/fates-read.ts";
import { fatesOf } from "./fates.ts";

const occurredAt = new Date("2026-01-01T00:00:00.000Z");
const EVENT = { destinationId: 1, partition: 0, position: 100n, occurredAt };
const reader = (over: Partial<FateColumns>): FateColumns => ({
  eventIndex: 0,
  cluster: "c",
  group: "g",
  gone: false,
  protocol: "classic",
  committedOffset: 101n,
  logStartOffset: 0n,
  passedAt: null,
  ...over,
});
const deadLetter = (over: Partial<DeadLetterOf>): DeadLetterOf => ({
  eventIndex: 0,
  group: "g",
  groupId: 1,
  failedAt: new Date(occurredAt.getTime() + 500),
  fingerprint: "f",
  rootCauseClass: "Boom",
  isSkip: false,
  title: "Boom: no",
  itself: false,
  isErrorEvent: false,
  originalDestinationId: 1,
  originalPartition: 0,
  originalPosition: 100n,
  ...over,
});

const CASES: readonly { why: string; reader: FateColumns; deadLetters?: DeadLetterOf[]; expected: object }[] = [
  {
    why: "consumed at the first commit that passed it",
    reader: reader({ passedAt: new Date(occurredAt.getTime() + 1200) }),
    expected: { fate: "consumed", at: "2026-01-01T00:00:01.200Z", afterMs: 1200, ahead: null, note: null },
  },
  {
    why: "a share group that is past an event may have rejected it",
    reader: reader({ protocol: "share", passedAt: new Date(occurredAt.getTime() + 1200) }),
    expected: {
      fate: "unknown",
      at: null,
      afterMs: null,
      ahead: null,
      note: "the share group is past it: accepted, rejected or archived, which the broker does not tell",
    },
  },
  {
    why: "what a share group has not come to waits",
    reader: reader({ protocol: "share", committedOffset: 58n }),
    expected: { fate: "waiting", at: null, afterMs: null, ahead: "42", note: null },
  },
  {
    why: "a commit of the event's own offset has not passed it: commits are the next offset",
    reader: reader({ committedOffset: 100n }),
    expected: { fate: "waiting", at: null, afterMs: null, ahead: "0", note: null },
  },
  {
    why: "waiting, with the number of events before it",
    reader: reader({ committedOffset: 58n }),
    expected: { fate: "waiting", at: null, afterMs: null, ahead: "42", note: null },
  },
  {
    why: "a dead letter of this group counts more than the commit that passed it",
    reader: reader({ passedAt: occurredAt }),
    deadLetters: [deadLetter({})],
    expected: { fate: "dead_lettered", at: "2026-01-01T00:00:00.500Z", afterMs: 500, ahead: null, note: "Boom" },
  },
  {
    why: "skipped, with the reason, if the group was moved past it",
    reader: reader({ passedAt: occurredAt }),
    deadLetters: [deadLetter({ isSkip: true, rootCauseClass: null, title: "Skipped by ada: no currency" })],
    expected: {
      fate: "skipped",
      at: "2026-01-01T00:00:00.500Z",
      afterMs: 500,
      ahead: null,
      note: "Skipped by ada: no currency",
    },
  },
  {
    why: "waiting until the group is moved: the copy is written first",
    reader: reader({ committedOffset: 100n }),
    deadLetters: [deadLetter({ isSkip: true })],
    expected: { fate: "waiting", at: null, afterMs: null, ahead: "0", note: null },
  },
  {
    why: "a dead letter of another group does not count",
    reader: reader({}),
    deadLetters: [deadLetter({ group: "other" })],
    expected: {
      fate: "consumed",
      at: null,
      afterMs: null,
      ahead: null,
      note: "before Flowtap saw the group's commits",
    },
  },
  {
    why: "a dead letter itself is consumed like any event",
    reader: reader({ passedAt: occurredAt }),
    deadLetters: [deadLetter({ itself: true })],
    expected: { fate: "consumed", at: occurredAt.toISOString(), afterMs: 0, ahead: null, note: null },
  },
  {
    why: "expired if retention deleted it before the group read it",
    reader: reader({ committedOffset: 58n, logStartOffset: 101n }),
    expected: {
      fate: "expired",
      at: null,
      afterMs: null,
      ahead: null,
      note: "retention deleted it before the group read it",
    },
  },
  {
    why: "unknown if the group has no commit on the partition",
    reader: reader({ committedOffset: null }),
    expected: {
      fate: "unknown",
      at: null,
      afterMs: null,
      ahead: null,
      note: "the group has not committed on this partition",
    },
  },
  {
    why: "never consumed before it was written, even if clocks differ",
    reader: reader({ passedAt: new Date(occurredAt.getTime() - 300) }),
    expected: { fate: "consumed", at: "2025-12-31T23:59:59.700Z", afterMs: 0, ahead: null, note: null },
  },
];

describe("fates", () => {
  for (const { why, reader: row, deadLetters = [], expected } of CASES)
    it(why, () =>
      assert.deepEqual(fatesOf([EVENT], [row], deadLetters)[0]?.[0], { cluster: "c", group: "g", ...expected }),
    );
});
