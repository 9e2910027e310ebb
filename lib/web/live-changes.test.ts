import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveChanges } from "./live-changes.ts";

const T0 = 1_000_000;

describe("live changes", () => {
  it("are told at once, and again only after their pause, once however many there were", () => {
    const changes = new LiveChanges();
    changes.add("failures");
    assert.deepEqual(changes.takeDue(T0), ["failures"]);
    changes.add("failures");
    changes.add("failures");
    assert.deepEqual(changes.takeDue(T0 + 999), []);
    assert.deepEqual(changes.takeDue(T0 + 1000), ["failures"]);
    assert.deepEqual(changes.takeDue(T0 + 9000), []);
  });

  it("have a pause for each kind, so that one does not hold up another", () => {
    const changes = new LiveChanges();
    changes.add("topics");
    assert.deepEqual(changes.takeDue(T0), ["topics"]);
    changes.add("topics");
    changes.add("replays");
    assert.deepEqual(changes.takeDue(T0 + 1), ["replays"]);
    assert.deepEqual(changes.takeDue(T0 + 5000), ["topics"]);
  });

  it("are all of them after a time in which nothing was heard of", () => {
    const changes = new LiveChanges();
    changes.addAll();
    assert.equal(changes.takeDue(T0).length, 6);
  });
});
