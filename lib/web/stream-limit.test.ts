import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openStreamLimit } from "./stream-limit.ts";

const who = (name: string) => ({ name, role: "viewer", demo: false }) as const;

describe("stream limit", () => {
  it("leaves others their seats when one takes all it can", () => {
    const limit = openStreamLimit({ most: 5, mostPerIdentity: 2 });
    assert.deepEqual(
      ["team", "team", "team", "ops"].map((name) => limit.take(who(name)) !== null),
      [true, true, false, true],
    );
  });
  it("bounds all of them together", () => {
    const limit = openStreamLimit({ most: 2, mostPerIdentity: 2 });
    assert.deepEqual(
      ["a", "b", "c"].map((name) => limit.take(who(name)) !== null),
      [true, true, false],
    );
  });
  it("gives a seat back once, however often its end is told", () => {
    const limit = openStreamLimit({ most: 9, mostPerIdentity: 2 });
    const [first, second] = [limit.take(who("team")), limit.take(who("team"))];
    first?.();
    first?.();
    assert.notEqual(limit.take(who("team")), null);
    assert.equal(limit.take(who("team")), null);
    second?.();
    assert.notEqual(limit.take(who("team")), null);
  });
});
