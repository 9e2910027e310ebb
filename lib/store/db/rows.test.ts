import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bigintOf, checkWords, numberOf, UnknownWord, wordOf } from "./rows.ts";

describe("columns of rows", () => {
  it("answers a word of the column's list, and null as null", () => {
    assert.equal(wordOf("consumer_groups.verdict", "stalled"), "stalled");
    assert.equal(wordOf("consumer_groups.cause", null), null);
  });

  it("fails loudly on any other word, with the column and the word", () => {
    for (const word of ["", "Stalled", "open", "__proto__", "toString"])
      assert.throws(
        () => wordOf("consumer_groups.verdict", word),
        (error) =>
          error instanceof UnknownWord && error.message.startsWith(`consumer_groups.verdict holds "${word}", which`),
      );
  });

  it("checks whole rows in place", () => {
    const rows: {
      readonly id: number;
      readonly state: "pending" | "firing" | "resolved";
      readonly kind: "test" | null;
    }[] = [
      { id: 1, state: "firing", kind: null },
      { id: 2, state: "resolved", kind: "test" },
    ];
    assert.equal(checkWords(rows, { state: "alerts.state" }), rows);
    const [first] = rows;
    assert.ok(first !== undefined);
    Object.assign(first, { state: "burning" });
    assert.throws(() => checkWords(rows, { state: "alerts.state" }), /alerts\.state holds "burning"/);
    Object.assign(first, { state: undefined });
    assert.throws(() => checkWords(rows, { state: "alerts.state" }), /alerts\.state holds undefined/);
  });

  it("reads numbers of both drivers", () => {
    assert.equal(bigintOf("-9223372036854775808"), -(2n ** 63n));
    assert.equal(bigintOf(null), null);
    assert.equal(numberOf("1500"), 1500);
    assert.equal(numberOf(1500n), 1500);
    assert.equal(numberOf(null), null);
  });
});
