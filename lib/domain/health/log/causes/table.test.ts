import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CAUSES } from "../../cause.ts";
import { withWords } from "../../words/finding-words.ts";
import { NOW } from "./a-situation.test-data.ts";
import { PROMISES_OF_MEMBERS } from "./promises-of-members.test-data.ts";
import { PROMISES_OF_PROGRESS } from "./promises-of-progress.test-data.ts";
import { CAUSE_RULES, findCause } from "./table.ts";

const PROMISES = [...PROMISES_OF_MEMBERS, ...PROMISES_OF_PROGRESS];

describe("findCause", () => {
  for (const [name, situation, cause] of PROMISES)
    it(`${name}: ${cause ?? "nothing"}`, () => {
      assert.equal(findCause(situation)?.cause ?? null, cause);
    });

  it("has a rule for each cause, and each has a case above", () => {
    assert.deepEqual(Object.keys(CAUSE_RULES).sort(), [...CAUSES].sort());
    assert.deepEqual(
      CAUSES.filter((cause) => !PROMISES.some(([, , named]) => named === cause)),
      [],
    );
  });

  it("answers findings that can be stored, and words for each of them", () => {
    for (const [name, situation] of PROMISES) {
      const found = findCause(situation);
      if (found === null) continue;
      const finding = withWords(found, situation);
      assert.deepEqual(JSON.parse(JSON.stringify(finding)), finding, name);
      assert.match(finding.sentence, /^\S.*[^.]$/, name);
      assert.doesNotMatch(finding.sentence, /undefined|NaN|null|Infinity/, name);
      for (const { label, value } of finding.facts)
        assert.doesNotMatch(`${label}: ${value}`, /undefined|NaN|null|Infinity/, name);
      assert.ok(finding.sinceMs === null || finding.sinceMs <= NOW, name);
    }
  });
});
