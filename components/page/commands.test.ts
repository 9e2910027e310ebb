import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { describeGroup, shellWord } from "./commands.ts";

describe("shellWord", () => {
  it("reaches a shell's program as exactly that word, whatever a broker named it", () => {
    const word = fc
      .string({ unit: "binary", minLength: 1, maxLength: 40 })
      .filter((text) => !text.includes("\0") && text.isWellFormed());
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const script = `printf '%s\\0' ${words.map(shellWord).join(" ")}`;
        assert.deepEqual(execFileSync("sh", ["-c", script]).toString("utf8").split("\0").slice(0, -1), words);
      }),
      { numRuns: 50 },
    );
  });
  it("leaves plain names as they are", () =>
    assert.equal(
      describeGroup("payments"),
      'kafka-consumer-groups --bootstrap-server "$BROKERS" --describe --group payments',
    ));
  it("quotes a name that would run something", () => assert.equal(shellWord("$(rm -rf ~)"), "'$(rm -rf ~)'"));
});
