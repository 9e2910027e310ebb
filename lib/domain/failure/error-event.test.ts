import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRecord, type HeaderRow } from "../message/a-record.test-data.ts";
import { observe } from "../observe/observe.ts";
import { NO_RULES, type ObserveRules } from "../observe/rules.ts";
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
  { why: "nobody said which events are errors", headers: FAILED, errorEvents: [], expected: null },
  {
    why: "by its type, with no text to be found",
    headers: FAILED,
    errorEvents: [{ type: "*.failed" }],
    expected: { message: null },
  },
  { why: "another type", headers: [["ce_type", "payment.taken"]], errorEvents: [{ type: "*.failed" }], expected: null },
  { why: "no type at all", headers: [], errorEvents: [{ type: "*" }], expected: null },
  {
    why: "by its topic, whatever its type",
    topic: "payments.errors",
    headers: [],
    errorEvents: [{ topic: "*.errors" }],
    expected: { message: null },
  },
  {
    why: "both must hold where both are given",
    topic: "orders",
    headers: FAILED,
    errorEvents: [{ topic: "payments", type: "*.failed" }],
    expected: null,
  },
  {
    why: "its text in a header, whose case does not matter",
    headers: [...FAILED, ["X-Error", "card refused"]],
    errorEvents: [{ type: "payment.*", messageHeader: "x-error" }],
    expected: { message: "card refused" },
  },
  {
    why: "its text in the body",
    headers: FAILED,
    value: '{"error":{"message":"card refused"}}',
    errorEvents: [{ type: "payment.*", messageJsonPath: "$.error.message" }],
    expected: { message: "card refused" },
  },
  {
    why: "the header first, then the body",
    headers: FAILED,
    value: '{"error":"no funds"}',
    errorEvents: [{ type: "payment.*", messageHeader: "x-error", messageJsonPath: "$.error" }],
    expected: { message: "no funds" },
  },
  {
    why: "a body that is no JSON tells nothing",
    headers: FAILED,
    value: "oops",
    errorEvents: [{ type: "payment.*", messageJsonPath: "$.error" }],
    expected: { message: null },
  },
  {
    why: "a number is text enough, an object is not",
    headers: FAILED,
    value: '{"code":402,"error":{}}',
    errorEvents: [{ type: "payment.*", messageJsonPath: "$.code" }],
    expected: { message: "402" },
  },
  {
    why: "the first rule that holds is believed",
    headers: [...FAILED, ["a", "1"], ["b", "2"]],
    errorEvents: [
      { type: "order.*", messageHeader: "a" },
      { type: "payment.*", messageHeader: "b" },
      { type: "*", messageHeader: "a" },
    ],
    expected: { message: "2" },
  },
  {
    why: "a type that only the body tells",
    headers: [],
    value: '{"kind":"payment.failed","why":"late"}',
    rules: { typeJsonPaths: ["$.kind"] },
    errorEvents: [{ type: "*.failed", messageJsonPath: "$.why" }],
    expected: { message: "late" },
  },
  {
    why: "a dead letter of an error event is a dead letter",
    topic: "orders-dlt",
    headers: springDlt,
    errorEvents: [{ type: "*.failed" }],
    expected: null,
  },
  {
    why: "one on its way through a retry topic waits for its end",
    topic: "orders-retry",
    headers: [...FAILED, ["kafka_original-topic", "orders"], ["kafka_exception-fqcn", "x.Y"]],
    errorEvents: [{ type: "*.failed" }],
    expected: null,
  },
];

describe("error events", () => {
  for (const { why, topic, headers, value, errorEvents, rules, expected } of rows) {
    it(why, () => {
      const seen = observe(
        aRecord({
          ...(topic === undefined ? {} : { topic }),
          headers: headers ?? [],
          ...(value === undefined ? {} : { value }),
        }),
        { ...NO_RULES, ...rules, errorEvents },
      );
      assert.deepEqual(seen.errorEvent, expected);
    });
  }

  it("say no more than 2 KiB, and nothing that cannot be stored", () => {
    const seen = observe(aRecord({ headers: FAILED, value: JSON.stringify({ error: `\u0000${"x".repeat(9000)}` }) }), {
      ...NO_RULES,
      errorEvents: [{ type: "*", messageJsonPath: "$.error" }],
    });
    assert.deepEqual([seen.errorEvent?.message?.length, seen.errorEvent?.message?.charAt(0)], [2048, "\ufffd"]);
  });

  it("are the same failure when type and masked message are", () => {
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
  it("a retry topic holds no dead letters, whatever it is called", () => {
    for (const topic of ["orders-again", "orders-dlq-1"]) {
      const seen = (rules: Partial<ObserveRules>) =>
        observe(aRecord({ topic, headers: springHop }), { ...NO_RULES, ...rules });
      assert.deepEqual([seen({}).retryHop, seen({}).deadLetter === null], [false, false], topic);
      assert.deepEqual(
        [
          seen({ retryTopics: [{ topic: "orders-*" }] }).retryHop,
          seen({ retryTopics: [{ topic: "orders-*" }] }).deadLetter,
        ],
        [true, null],
        topic,
      );
    }
  });
});
