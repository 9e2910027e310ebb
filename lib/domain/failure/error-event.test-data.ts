/** Events and rules, and the error event that must be found in them. */
import type { HeaderRow } from "../message/a-record.test-data.ts";
import type { ObserveRules } from "../observe/rules.ts";
import type { ErrorEventRule, ErrorEventFacts } from "./error-event.ts";

export const FAILED: readonly HeaderRow[] = [
  ["ce_type", "payment.failed"],
  ["ce_id", "1"],
];

const SPRING_DEAD_LETTER: readonly HeaderRow[] = [...FAILED, ["kafka_dlt-original-topic", "orders"]];

interface Row {
  why: string;
  topic?: string;
  headers?: readonly HeaderRow[];
  value?: string;
  errorEvents: readonly ErrorEventRule[];
  rules?: Partial<ObserveRules>;
  expected: ErrorEventFacts | null;
}

export const ERROR_EVENT_CASES: readonly Row[] = [
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
    headers: SPRING_DEAD_LETTER,
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
