import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { FAILURE_MARKERS, readFailure, topicRoleByName } from "../failure/dead-letter.ts";
import { stripForReplay } from "../failure/strip-for-replay.ts";
import { HeaderIndexer, type Headers } from "../message/headers.ts";
import { readReplayMark } from "./replay-headers.ts";
import { skipHeaders, skipPast, type SkipFacts, type WhyNotSkipped } from "./skip.ts";

const CASES: readonly { why: string; facts: SkipFacts; offset: bigint; expected: bigint | WhyNotSkipped }[] = [
  {
    why: "right behind the event at the head",
    facts: { committedOffset: 91_204n, nextEventOffset: 91_204n },
    offset: 91_204n,
    expected: 91_205n,
  },
  {
    why: "also where the group stands at a mark or a gap before it",
    facts: { committedOffset: 91_200n, nextEventOffset: 91_204n },
    offset: 91_204n,
    expected: 91_205n,
  },
  {
    why: "no event before it is passed over",
    facts: { committedOffset: 91_200n, nextEventOffset: 91_201n },
    offset: 91_204n,
    expected: "not_its_next",
  },
  {
    why: "one that the group is past already",
    facts: { committedOffset: 91_205n, nextEventOffset: 91_205n },
    offset: 91_204n,
    expected: "past_it",
  },
  {
    why: "one that is gone",
    facts: { committedOffset: 91_200n, nextEventOffset: 91_210n },
    offset: 91_204n,
    expected: "no_such_event",
  },
  {
    why: "one that is not written yet",
    facts: { committedOffset: 91_200n, nextEventOffset: null },
    offset: 91_204n,
    expected: "no_such_event",
  },
  {
    why: "of a group that never committed nobody knows where it begins",
    facts: { committedOffset: null, nextEventOffset: 5n },
    offset: 5n,
    expected: "never_committed",
  },
];

describe("skipPast", () => {
  for (const { why, facts, offset, expected } of CASES) {
    it(why, () => {
      const to = skipPast(facts, offset);
      assert.equal(to.ok ? to.value : to.error, expected);
    });
  }
});

const copyOf = (own: Headers, partition = 3, offset = 91_204n): Headers =>
  skipHeaders(
    own,
    {
      origin: { topic: "orders", partition, offset },
      timestampMs: 1_700_000_000_123,
      group: "payments",
      by: "ada",
      why: "no currency in it",
    },
    { run: "7-abc", item: 0 },
  );
const deadLetterOf = (headers: Headers) =>
  readFailure(
    new HeaderIndexer(new Map(FAILURE_MARKERS.map((name) => [name, 1]))).index(headers),
    "orders.flowtap-dlt",
    topicRoleByName("orders.flowtap-dlt"),
    true,
  ).deadLetter;

describe("the copy of a skipped event", () => {
  it("is a dead letter of its group that says who skipped it and why", () => {
    const { format, originalTopic, originalPartition, originalOffset, originalTimestampMs, consumerGroup, message } =
      deadLetterOf(copyOf([]))!;
    assert.deepEqual(
      { format, originalTopic, originalPartition, originalOffset, originalTimestampMs, consumerGroup, message },
      {
        format: "flowtap-skip",
        originalTopic: "orders",
        originalPartition: 3,
        originalOffset: 91_204n,
        originalTimestampMs: 1_700_000_000_123,
        consumerGroup: "payments",
        message: "Skipped by ada: no currency in it",
      },
    );
  });

  it("is found again by its mark, and is sent again as it was", () => {
    const own: Headers = [
      ["traceparent", new Uint8Array([49])],
      ["tenant", null],
    ];
    assert.deepEqual(readReplayMark(copyOf(own)), { run: "7-abc", item: 0 });
    assert.deepEqual(stripForReplay(copyOf(own)), own);
  });

  it("of a dead letter tells the newest hop", () => {
    const earlier: Headers = [
      ["kafka_dlt-original-topic", new TextEncoder().encode("elsewhere")],
      ["kafka_dlt-original-consumer-group", new TextEncoder().encode("other")],
    ];
    const deadLetter = deadLetterOf(copyOf(earlier));
    assert.deepEqual(
      [deadLetter?.format, deadLetter?.originalTopic, deadLetter?.consumerGroup],
      ["flowtap-skip", "orders", "payments"],
    );
  });

  it("keeps every partition and offset", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        (partition, offset) => {
          // Bytes that happen to be digits are read as text, as from any other framework.
          const deadLetter = deadLetterOf(copyOf([], partition, offset));
          const digits = (value: bigint, bytes: number): boolean =>
            Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 255n)).every(
              (byte) => byte >= 48 && byte <= 57,
            );
          return (
            (digits(BigInt(partition), 4) || deadLetter?.originalPartition === partition) &&
            (digits(offset, 8) || deadLetter?.originalOffset === offset)
          );
        },
      ),
    );
  });
});
