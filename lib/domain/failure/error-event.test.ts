import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRecord, type HeaderRow } from "../message/a-record.test-data.ts";
import { observe } from "../observe/observe.ts";
import { NO_RULES } from "../observe/no-rules.test-data.ts";
import type { ObserveRules } from "../observe/rules.ts";
import { fingerprintOfErrorEvent } from "./fingerprint.ts";
import { ERROR_EVENT_CASES, FAILED } from "./error-event.test-data.ts";

describe("error events", () => {
  for (const { why, topic, headers, value, errorEvents, rules, expected } of ERROR_EVENT_CASES) {
    it(why, () => {
      const observation = observe(
        aRecord({
          ...(topic === undefined ? {} : { topic }),
          headers: headers ?? [],
          ...(value === undefined ? {} : { value }),
        }),
        { ...NO_RULES, ...rules, errorEvents },
      );
      assert.deepEqual(observation.errorEvent, expected);
    });
  }

  it("have a message of at most 2 KiB without characters that cannot be stored", () => {
    const { errorEvent } = observe(
      aRecord({ headers: FAILED, value: JSON.stringify({ error: `\u0000${"x".repeat(9000)}` }) }),
      {
        ...NO_RULES,
        errorEvents: [{ type: "*", messageJsonPath: "$.error" }],
      },
    );
    assert.deepEqual([errorEvent?.message?.length, errorEvent?.message?.charAt(0)], [2048, "\ufffd"]);
  });

  it("have the same fingerprint if type and masked message are the same", () => {
    const of = (message: string | null, type: string | null = "payment.failed", topic = "payments") =>
      fingerprintOfErrorEvent({ message }, type, topic);
    assert.deepEqual(of("order 17 refused"), of("order 4711 refused", "payment.failed", "elsewhere"));
    assert.equal(of("order 17 refused").title, "payment.failed: order <n> refused");
    assert.equal(of(null, null).title, "payments");
    assert.equal(
      new Set(
        [of("a"), of("b"), of(null), of("a", "order.failed"), of("a", null)].map(({ fingerprint }) => fingerprint),
      ).size,
      5,
    );
  });
});

describe("topics declared by hand", () => {
  const springHop: readonly HeaderRow[] = [
    ["kafka_original-topic", "orders"],
    ["kafka_exception-fqcn", "x.Y"],
  ];
  it("a declared retry topic holds no dead letters, whatever its name", () => {
    for (const topic of ["orders-again", "orders-dlq-1"]) {
      const observed = (rules: Partial<ObserveRules>) =>
        observe(aRecord({ topic, headers: springHop }), { ...NO_RULES, ...rules });
      assert.deepEqual([observed({}).retryHop, observed({}).deadLetter === null], [false, false], topic);
      assert.deepEqual(
        [
          observed({ retryTopics: [{ topic: "orders-*" }] }).retryHop,
          observed({ retryTopics: [{ topic: "orders-*" }] }).deadLetter,
        ],
        [true, null],
        topic,
      );
    }
  });
});
