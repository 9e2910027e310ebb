import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PROMISES_OF_MEMBERS } from "#lib/domain/health/log/causes/promises-of-members.test-data.ts";
import { PROMISES_OF_PROGRESS } from "#lib/domain/health/log/causes/promises-of-progress.test-data.ts";
import { findCause } from "#lib/domain/health/log/causes/table.ts";
import { withWords } from "#lib/domain/health/words/finding-words.ts";
import { storedCause } from "./group-cause.ts";

describe("storedCause", () => {
  it("reads all that the rules find", () => {
    for (const [name, situation] of [...PROMISES_OF_MEMBERS, ...PROMISES_OF_PROGRESS]) {
      const found = findCause(situation);
      if (found === null) continue;
      const finding = withWords(found, situation);
      const cause = storedCause(JSON.parse(JSON.stringify(finding)), null);
      assert.deepEqual(
        { cause: cause?.cause, sentence: cause?.sentence, at: cause?.at, facts: cause?.facts, data: cause?.data },
        { cause: found.cause, sentence: finding.sentence, at: found.at, facts: finding.facts, data: found.data },
        name,
      );
      assert.equal(cause?.since, found.sinceMs === null ? null : new Date(found.sinceMs).toISOString(), name);
    }
  });

  const stored = { cause: "poison_event", sentence: "it does not get past it", sinceMs: 0, at: null, facts: [] };
  const rows: readonly [name: string, detail: unknown, data: unknown][] = [
    ["an older version, which wrote less", { ...stored, data: { offset: "7", shownBy: "others_move" } }, null],
    [
      "a newer version, with a field of another form",
      { ...stored, data: { offset: { of: 7 }, host: "h" } },
      { host: "h" },
    ],
    [
      "a newer version, with a field that this one does not know",
      { ...stored, data: { host: "h", more: 1 } },
      { host: "h" },
    ],
    ["a row without data", { ...stored, data: null }, {}],
    ["a row with nothing but a sentence", { cause: "poison_event", sentence: "it stands" }, {}],
  ];
  for (const [name, detail, data] of rows)
    it(`shows ${name}`, () => {
      const cause = storedCause(detail, null);
      assert.deepEqual(cause?.data, data ?? { offset: "7", shownBy: "others_move" });
      assert.equal(cause?.title, "Poison event");
    });

  it("has none where no finding is stored", () => {
    for (const detail of [null, {}, "text", { ...stored, cause: "something_new" }, { ...stored, sentence: 7 }])
      assert.equal(storedCause(detail, null), null);
  });
});
