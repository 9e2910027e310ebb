import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRecord, type HeaderRow } from "../message/a-record.test-data.ts";
import { observe } from "../observe/observe.ts";
import { NO_RULES } from "../observe/no-rules.test-data.ts";
import type { ObserveRules } from "../observe/rules.ts";
import type { ErrorEventFacts, ErrorEventRule } from "./error-event.ts";
import { fingerprintOfErrorEvent } from "./fingerprint.ts";

const FAILED: readonly HeaderRow[] = [
  ["ce_type", "payment.failed"],
  ["ce_id", "1"],
];
const springDlt: readonly HeaderRow[] = [...FAILED, ["kafka_dlt-original-topic", "orders"]];

interface Row {
  why: string;
  topic?: string;
  headers?: readonly HeaderRow[];
  value?: string;
  errorEvents: readonly ErrorEventRule[];
  rules?: Partial<ObserveRules>;
  expected: ErrorEventFacts | null;
}

const rows: readonly Row[] = [
  { why: "no rule declares error events", headers: FAILED, errorEvents: [], expected: null },
  {
    why: "matches the type; the rule names no message",
    headers: FAILED,
    errorEvents: [{ type: "*.failed" }],
    expected: { message: null },
  },
  { why: "another type", headers: [["ce_type", "payment.taken"]], errorEvents: [{ type: "*.failed" }], expected: null },
  { why: "the event has no type", headers: [], errorEvents: [{ type: "*" }], expected: null },
  {
    why: "matches the topic, whatever the type",
    topic: "payments.errors",
    headers: [],
    errorEvents: [{ topic: "*.errors" }],
    expected: { message: null },
  },
  {
    why: "both type and topic must match if both are given",
    topic: "orders",
    headers: FAILED,
    errorEvents: [{ topic: "payments", type: "*.failed" }],
    expected: null,
  },
  {
    why: "the message is in a header, whatever its case",
    headers: [...FAILED, ["X-Error", "card refused"]],
    errorEvents: [{ type: "payment.*", messageHeader: "x-error" }],
    expected: { message: "card refused" },
  },
  {
    why: "the message is in the body",
    headers: FAILED,
    value: '{"error":{"message":"card refused"}}',
    errorEvents: [{ type: "payment.*", messageJsonPath: "$.error.message" }],
    expected: { message: "card refused" },
  },
  {
    why: "the body is read if the header is absent",
    headers: FAILED,
    value: '{"error":"no funds"}',
    errorEvents: [{ type: "payment.*", messageHeader: "x-error", messageJsonPath: "$.error" }],
    expected: { message: "no funds" },
  },
  {
    why: "a body that is no JSON has no message",
    headers: FAILED,
    value: "oops",
    errorEvents: [{ type: "payment.*", messageJsonPath: "$.error" }],
    expected: { message: null },
  },
  {
    why: "a number counts as a message",
    headers: FAILED,
    value: '{"code":402,"error":{}}',
    errorEvents: [{ type: "payment.*", messageJsonPath: "$.code" }],
    expected: { message: "402" },
  },
  {
    why: "the first matching rule counts",
    headers: [...FAILED, ["a", "1"], ["b", "2"]],
    errorEvents: [
      { type: "order.*", messageHeader: "a" },
      { type: "payment.*", messageHeader: "b" },
      { type: "*", messageHeader: "a" },
    ],
    expected: { message: "2" },
  },
  {
    why: "the type is read from the body",
    headers: [],
    value: '{"kind":"payment.failed","why":"late"}',
    rules: { typeJsonPaths: ["$.kind"] },
    errorEvents: [{ type: "*.failed", messageJsonPath: "$.why" }],
    expected: { message: "late" },
  },
  {
    why: "a dead letter is no error event",
    topic: "orders-dlt",
    headers: springDlt,
    errorEvents: [{ type: "*.failed" }],
    expected: null,
  },
  {
    why: "an event on a retry topic is no error event yet",
    topic: "orders-retry",
    headers: [...FAILED, ["kafka_original-topic", "orders"], ["kafka_exception-fqcn", "x.Y"]],
    errorEvents: [{ type: "*.failed" }],
    expected: null,
  },
];

describe("error events", () => {
  for (const { why, topic, headers, value, errorEvents, rules, expected } of rows) {
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
