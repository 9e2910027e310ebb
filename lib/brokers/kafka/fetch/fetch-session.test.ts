import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fetchKey, FetchSession, type WantedPartition } from "./fetch-session.ts";

const at = (partition: number, fetchOffset: bigint, topicId = "a"): WantedPartition => ({
  key: fetchKey(topicId, partition),
  topic: "orders",
  topicId,
  partition,
  fetchOffset,
  lastFetchedEpoch: -1,
  maxBytes: 1,
});

function asked(session: FetchSession, ...wanted: WantedPartition[]) {
  const { sessionId, sessionEpoch, topics, forgotten } = session.request(wanted);
  return [
    `${sessionId}/${sessionEpoch}`,
    topics.flatMap(({ topicId, partitions }) =>
      partitions.map(({ partition, fetchOffset }) => `${topicId}${partition}@${fetchOffset}`),
    ),
    forgotten.flatMap(({ topicId, partitions }) => partitions.map((partition) => `${topicId}${partition}`)),
  ];
}

describe("a fetch session", () => {
  it("names every partition once, then only those that moved, came or went", () => {
    const session = new FetchSession();
    assert.deepEqual(asked(session, at(0, 5n), at(1, 7n)), ["0/0", ["a0@5", "a1@7"], []]);
    assert.ok(session.answered({ errorCode: 0, sessionId: 9 }));
    assert.deepEqual(asked(session, at(0, 6n), at(1, 7n)), ["9/1", ["a0@6"], []]);
    assert.ok(session.answered({ errorCode: 0, sessionId: 9 }));
    assert.deepEqual(asked(session, at(0, 6n), at(2, 0n)), ["9/2", ["a2@0"], ["a1"]]);
    session.answered({ errorCode: 0, sessionId: 9 });
    assert.deepEqual(asked(session, at(0, 0n, "b"), at(2, 0n)), ["9/3", ["b0@0"], ["a0"]], "a topic made anew");
  });

  it("begins anew when the broker has forgotten it, or the connection was lost", () => {
    const session = new FetchSession();
    session.request([at(0, 5n)]);
    session.answered({ errorCode: 0, sessionId: 9 });
    session.request([at(0, 6n)]);
    assert.ok(!session.answered({ errorCode: 70, sessionId: 0 }));
    assert.deepEqual(asked(session, at(0, 6n)), ["0/0", ["a0@6"], []]);
    session.answered({ errorCode: 0, sessionId: 10 });
    session.reset();
    assert.deepEqual(asked(session, at(0, 6n)), ["0/0", ["a0@6"], []]);
  });

  it("does without one when the broker has none to give", () => {
    const session = new FetchSession();
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(asked(session, at(0, 5n)), ["0/0", ["a0@5"], []]);
      session.answered({ errorCode: 0, sessionId: 0 });
    }
  });
});
