import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { someHeaders, bytes } from "./a-record.test-data.ts";
import { HeaderIndexer } from "./headers.ts";

describe("HeaderIndex", () => {
  const index = new HeaderIndexer(
    new Map([
      ["a", 1],
      ["b", 2],
      ["c", 4],
    ]),
  ).index(someHeaders(["A", "1"], ["x", null], ["a", "2"], ["B", ""], ["a", '"3"']));
  it("keeps duplicates in order, and ignores the case of names", () => {
    assert.deepEqual(index.all("a"), [bytes("1"), bytes("2"), bytes('"3"')]);
    assert.deepEqual([index.first("a"), index.last("a")], [bytes("1"), bytes('"3"')]);
    assert.deepEqual(index.all("nothing"), []);
  });
  it("has the bits of the names present and no others", () => assert.equal(index.markerBits, 3));
  it("removes the quotes of a JSON string", () => assert.equal(index.text("a", 10), "3"));
  it("has no text for absent, null and empty values", () =>
    assert.deepEqual([index.text("y", 9), index.text("x", 9), index.text("b", 9)], [null, null, null]));
  it("finds the last header with one of several names", () =>
    assert.deepEqual([index.latestOf(["x", "b"]), index.latestOf(["y"])], [3, -1]));
});
