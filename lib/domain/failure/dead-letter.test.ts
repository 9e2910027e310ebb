import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRecord } from "../message/a-record.test-data.ts";
import { observe } from "../observe/observe.ts";
import { NO_RULES } from "../observe/no-rules.test-data.ts";
import { DEAD_LETTER_ROWS } from "./dead-letter-formats/rows.test-data.ts";
import type { DeadLetterFacts } from "./facts.ts";

describe("dead letters", () => {
  for (const { why, topic, headers, rules, expected, retryHop } of DEAD_LETTER_ROWS) {
    it(why, () => {
      const record = aRecord({ ...(topic === undefined ? {} : { topic }), headers });
      const observation = observe(record, { ...NO_RULES, ...rules });
      if (expected === null) assert.equal(observation.deadLetter, null);
      else
        for (const [field, value] of Object.entries(expected))
          assert.deepEqual(observation.deadLetter?.[field as keyof DeadLetterFacts], value, field);
      assert.equal(observation.retryHop, retryHop ?? false);
    });
  }

  it("keep both ends of a stack trace that is too long, because the root cause is at one of them", () => {
    const frames = "\tat org.springframework.A.b(A.java:1)\n".repeat(2000);
    const { deadLetter } = observe(
      aRecord({
        topic: "orders-dlt",
        headers: [
          ["kafka_dlt-original-topic", "orders"],
          ["kafka_dlt-exception-stacktrace", `Outer: first\n${frames}Caused by: com.acme.Boom: last`],
        ],
      }),
      NO_RULES,
    );
    assert.ok((deadLetter?.stack?.length ?? 0) <= 16_384);
    assert.ok(
      deadLetter?.stack?.startsWith("Outer: first") && deadLetter.stack.endsWith("Caused by: com.acme.Boom: last"),
    );
    assert.equal(deadLetter?.rootCauseClass, "com.acme.Boom");
  });
});
