import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "#e2e/stack/property.ts";
import { deadLetterFacts, type KnownFacts } from "./facts.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { springStack } from "./stacks.test-data.ts";

const deadLetter = (known: Partial<KnownFacts>) =>
  deadLetterFacts({ format: "spring-kafka", consumerGroup: "payments", ...known });

describe("fingerprintOf", () => {
  const base = fingerprintOf(deadLetter({ stack: springStack(42, "card 4711 of cust-77 refused") }), "order.placed");
  const same: readonly [why: string, facts: Partial<KnownFacts>][] = [
    ["another card and another line number", { stack: springStack(57, "card 9 of cust-1 refused") }],
    [
      "another topic and framework",
      { stack: springStack(42, "x"), format: "kafka-streams", originalTopic: "elsewhere" },
    ],
    [
      "another wrapper around it",
      { stack: springStack(42, "x").replace("Listener failed", "y"), exceptionClass: "some.Wrapper" },
    ],
  ];
  for (const [why, facts] of same)
    it(`is the same for ${why}`, () =>
      assert.equal(fingerprintOf(deadLetter(facts), "order.placed").fingerprint, base.fingerprint));

  const differs: readonly [why: string, facts: Partial<KnownFacts>, type: string | null][] = [
    ["event type", { stack: springStack(42, "x") }, "order.cancelled"],
    ["group", { stack: springStack(42, "x"), consumerGroup: "other" }, "order.placed"],
    ["stage", { stack: springStack(42, "x"), stage: "VALUE_CONVERTER" }, "order.placed"],
    ["root cause", { stack: springStack(42, "x").replace("PaymentRefused", "PaymentLost") }, "order.placed"],
    ["frame", { stack: springStack(42, "x").replace("lambda$charge", "refund") }, "order.placed"],
  ];
  for (const [why, facts, type] of differs)
    it(`differs by ${why}`, () =>
      assert.notEqual(fingerprintOf(deadLetter(facts), type).fingerprint, base.fingerprint));

  it("has a readable title", () =>
    assert.equal(base.title, "PaymentRefused: card <n> of cust-<n> refused in Gateway.lambda$charge"));
  it("uses the message if there is no stack trace", () => {
    const of = (message: string) => fingerprintOf(deadLetter({ message }), null);
    assert.equal(of("order 1 is bad").fingerprint, of("order 2 is bad").fingerprint);
    assert.notEqual(of("order 1 is bad").fingerprint, of("order 1 is late").fingerprint);
    assert.equal(of("order 1 is bad").title, "order <n> is bad");
  });
  it("has a title even if no reason is given", () =>
    assert.equal(fingerprintOf(deadLetter({}), null).title, "No reason given"));
  it("has the stage as title if that is all there is", () =>
    assert.equal(fingerprintOf(deadLetter({ stage: "rejected" }), null).title, "rejected"));

  it("accepts any text", () => {
    const pieces = fc.constantFrom(
      "\tat ",
      "Caused by: ",
      " ---> ",
      "--- End of inner exception",
      "Traceback (most recent call last)",
      '  File "',
      "(",
      "<",
      "$$",
      "a.b.C: ",
      "\n",
      "1",
      "'",
      "\u0000",
      "/",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string())), fc.string(), (parts, message) => {
        const { fingerprint, title } = fingerprintOf(deadLetter({ stack: parts.join(""), message }), null);
        assert.match(fingerprint, /^[0-9a-f]{16}$/);
        assert.ok(title.length > 0 && title.length <= 200);
      }),
      { numRuns: 500 },
    );
  });
});

describe("fingerprintOf is linear in the text", () => {
  // Quadratic code would take minutes for these; the time limit of the test run would then fail it.
  for (const piece of [
    "\tat a(",
    "Caused by: ",
    " ---> ",
    "$$",
    "<a>d__",
    "a.",
    "'1",
    "a1",
    "[as ",
    'File "',
    "-1",
    "(((",
    "[cause]: ",
  ])
    it(JSON.stringify(piece), () => {
      const text = piece.repeat(200_000);
      assert.match(fingerprintOf(deadLetter({ stack: text, message: text }), text).fingerprint, /^[0-9a-f]{16}$/);
      assert.match(fingerprintOf(deadLetter({ message: text }), null).fingerprint, /^[0-9a-f]{16}$/);
    });
});
