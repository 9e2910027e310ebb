import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DeadLetterOf, FateColumns } from "#lib/store/events/fates-read.ts";
import { fatesOf } from "./fates.ts";

const occurredAt = new Date("2026-01-01T00:00:00.000Z");
const PLACE = { destinationId: 1, partition: 0, position: 100n, occurredAt };
const reader = (over: Partial<FateColumns>): FateColumns => ({
  place: 0,
  cluster: "c",
  group: "g",
  gone: false,
  committedOffset: 101n,
  logStartOffset: 0n,
  passedAt: null,
  ...over,
});
const letter = (over: Partial<DeadLetterOf>): DeadLetterOf => ({
  place: 0,
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

// Each row is a promise to whoever looks for an event.
const CASES: readonly { why: string; reader: FateColumns; letters?: DeadLetterOf[]; expected: object }[] = [
  {
    why: "the first commit that passed it is when it was consumed",
    reader: reader({ passedAt: new Date(occurredAt.getTime() + 1200) }),
    expected: { fate: "consumed", at: "2026-01-01T00:00:01.200Z", afterMs: 1200, ahead: null, note: null },
  },
  {
    why: "a commit of the event's own offset has not passed it: commits name the next offset",
    reader: reader({ committedOffset: 100n }),
    expected: { fate: "waiting", at: null, afterMs: null, ahead: "0", note: null },
  },
  {
    why: "events before it are counted",
    reader: reader({ committedOffset: 58n }),
    expected: { fate: "waiting", at: null, afterMs: null, ahead: "42", note: null },
  },
  {
    why: "a dead letter of this group outweighs the commit that passed it",
    reader: reader({ passedAt: occurredAt }),
    letters: [letter({})],
    expected: { fate: "dead_lettered", at: "2026-01-01T00:00:00.500Z", afterMs: 500, ahead: null, note: "Boom" },
  },
  {
    why: "an event the group was moved past was skipped, by somebody who said why",
    reader: reader({ passedAt: occurredAt }),
    letters: [letter({ isSkip: true, rootCauseClass: null, title: "Skipped by ada: no currency" })],
    expected: {
      fate: "skipped",
      at: "2026-01-01T00:00:00.500Z",
      afterMs: 500,
      ahead: null,
      note: "Skipped by ada: no currency",
    },
  },
  {
    why: "a copy is kept first: until the group is moved, the event waits",
    reader: reader({ committedOffset: 100n }),
    letters: [letter({ isSkip: true })],
    expected: { fate: "waiting", at: null, afterMs: null, ahead: "0", note: null },
  },
  {
    why: "a dead letter of another group says nothing of this one",
    reader: reader({}),
    letters: [letter({ group: "other" })],
    expected: {
      fate: "consumed",
      at: null,
      afterMs: null,
      ahead: null,
      note: "before Flowtap saw the group's commits",
    },
  },
  {
    why: "a dead letter is itself consumed like any event",
    reader: reader({ passedAt: occurredAt }),
    letters: [letter({ itself: true })],
    expected: { fate: "consumed", at: occurredAt.toISOString(), afterMs: 0, ahead: null, note: null },
  },
  {
    why: "retention took it before the group came",
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
    why: "a group that never committed here is not known to have done anything",
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
    why: "clocks that differ do not make an event consumed before it was written",
    reader: reader({ passedAt: new Date(occurredAt.getTime() - 300) }),
    expected: { fate: "consumed", at: "2025-12-31T23:59:59.700Z", afterMs: 0, ahead: null, note: null },
  },
];

describe("fates", () => {
  for (const { why, reader: row, letters = [], expected } of CASES)
    it(why, () =>
      assert.deepEqual(fatesOf([PLACE], [row], letters)[0]?.[0], { cluster: "c", group: "g", ...expected }),
    );
});
