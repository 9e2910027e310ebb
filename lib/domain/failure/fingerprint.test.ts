import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { deadLetterFacts, type KnownFacts } from "./facts.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { maskVolatile } from "./mask.ts";
import { readStack } from "./stack.ts";

const SPRING = (
  line: number,
  message: string,
): string => `org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed
\tat org.springframework.kafka.listener.KafkaMessageListenerContainer.decorate(KafkaMessageListenerContainer.java:3000)
\tat java.base/java.lang.Thread.run(Thread.java:833)
\tSuppressed: com.acme.Ignored: not this
\t\tat com.acme.Ignored.me(Ignored.java:1)
Caused by: java.lang.IllegalStateException: wrapped
\tat com.acme.orders.Listener$$SpringCGLIB$$0.onOrder(<generated>)
\t... 12 more
Caused by: com.acme.payments.PaymentRefused: ${message}
\tat java.base/java.util.Optional.orElseThrow(Optional.java:403)
\tat com.acme.payments.Gateway.lambda$charge$3(Gateway.java:${line})
\tat com.acme.payments.Gateway.charge(Gateway.java:40)
\t... 20 more`;

const DOTNET = `System.InvalidOperationException: outer
 ---> Acme.PaymentRefused: card 4711 refused
   at Npgsql.NpgsqlConnection.Open()
   at Acme.Payments.Gateway.<ChargeAsync>d__3.MoveNext() in /src/Gateway.cs:line 42
   --- End of inner exception stack trace ---
   at Acme.Orders.Handler.Handle(OrderPlaced message, IMessageHandlerContext context) in /src/Handler.cs:line 17`;

const NODE = `TypeError: Cannot read properties of undefined (reading 'id')
    at node:internal/process/task_queues:95:5
    at Array.map (<anonymous>)
    at Consumer.run (/app/node_modules/kafkajs/src/consumer/runner.js:10:2)
    at async PaymentHandler.charge (file:///app/src/payments.js:42:13)
    at /app/src/index.js:1:1`;

const NODE_CAUSE = `Error: outer
    at run (/app/src/run.js:1:1) {
  [cause]: RangeError: too much
      at deep (/app/src/deep.js:9:9)
}`;

const PYTHON = `Traceback (most recent call last):
  File "/app/orders/gateway.py", line 12, in charge
    raise PaymentRefused("card 4711")
  File "/usr/lib/python3.12/site-packages/requests/api.py", line 1, in get
    x()
orders.errors.PaymentRefused: card 4711

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/app/orders/consumer.py", line 99, in handle
    charge()
RuntimeError: wrapped`;

describe("readStack finds the root cause and the team's own code", () => {
  const table: readonly [
    why: string,
    stack: string,
    type: string | null,
    message: string | null,
    frame: string | null,
  ][] = [
    [
      "JVM: after the last Caused by, past the runtime",
      SPRING(42, "refused"),
      "com.acme.payments.PaymentRefused",
      "refused",
      "com.acme.payments.Gateway.lambda$charge",
    ],
    [
      ".NET: the innermost exception comes first",
      DOTNET,
      "Acme.PaymentRefused",
      "card 4711 refused",
      "Acme.Payments.Gateway.ChargeAsync",
    ],
    [
      ".NET Framework: causes on the first line",
      "System.Exception: outer ---> Acme.Boom: inner\n   at Acme.A.B()\n   --- End of inner exception stack trace ---\n   at Acme.C.D()",
      "Acme.Boom",
      "inner",
      "Acme.A.B",
    ],
    [
      "Node: past node: and node_modules",
      NODE,
      "TypeError",
      "Cannot read properties of undefined (reading 'id')",
      "PaymentHandler.charge (payments.js)",
    ],
    ["Node: its cause", NODE_CAUSE, "RangeError", "too much", "deep (deep.js)"],
    [
      "Python: the first traceback is the root, its own code the innermost",
      PYTHON,
      "orders.errors.PaymentRefused",
      "card 4711",
      "charge (gateway.py)",
    ],
    [
      "JVM: a cause wholly in a framework is told by the nearest own frame around it",
      "com.acme.A: a\n\tat com.acme.Own.code(Own.java:1)\nCaused by: java.io.IOException: b\n\tat java.io.X.y(X.java:1)",
      "java.io.IOException",
      "b",
      "com.acme.Own.code",
    ],
    [
      "a stack of framework frames only still has a first one",
      "java.io.IOException: b\n\tat java.io.X.y(X.java:1)\n\tat java.io.Z.z(Z.java:1)",
      "java.io.IOException",
      "b",
      "java.io.X.y",
    ],
    ["no stack at all", "something went wrong", null, "something went wrong", null],
    ["nothing", "", null, null, null],
  ];
  for (const [why, stack, rootType, rootMessage, frame] of table)
    it(why, () => assert.deepEqual(readStack(stack), { rootType, rootMessage, frame }));

  it("lines of the message are not taken for frames or causes", () => {
    const message = "could not parse:\nCaused by: com.evil.Fake: no\n\tat com.evil.Fake.frame(Fake.java:1)";
    const stack = `com.acme.Boom: ${message}\n\tat com.acme.Real.code(Real.java:1)`;
    assert.deepEqual(readStack(stack, message), {
      rootType: "com.acme.Boom",
      rootMessage: "could not parse:",
      frame: "com.acme.Real.code",
    });
  });
});

describe("maskVolatile", () => {
  for (const [text, expected] of [
    ["order 5b2f6c1e-5b1c-4a1e-9a55-1c2d3e4f5a6b not found", "order <uuid> not found"],
    ["connect 10.0.0.12:5432 refused", "connect <ip> refused"],
    ["took 1,234.5 ms of 17", "took <n> ms of <n>"],
    ["at 2024-05-06T07:08:09.123Z", "at <n>T<n>Z"],
    ["hash deadbeef01 at 0x7fff12", "hash <hex> at <hex>"],
    ["trace 0af7651916cd43dd8448eb211c80319c", "trace <hex>"],
    ["customer 'cust-77' and \"o_9\"", "customer '<id>' and \"<id>\""],
    ["column \"name\" can't be null, isn't 1", "column \"name\" can't be null, isn't <n>"],
    ["order1234 for cust-77", "order<n> for cust-<n>"],
    ["token a1B2z3D4", "token <id>"],
    ["decade facade", "decade facade"],
    ["", ""],
  ] as const)
    it(`${text} → ${expected}`, () => assert.equal(maskVolatile(text), expected));

  it("leaves no digit but those of a word in quotes unmasked, and never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) =>
        assert.ok(!/[0-9]/.test(maskVolatile(text))),
      ),
    );
  });
  it("is as good on a masked text as on the first", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."ab19-.:'\" x"), maxLength: 60 }), (text) =>
        assert.ok(!/[0-9]/.test(maskVolatile(maskVolatile(text)))),
      ),
    );
  });
});

const letter = (known: Partial<KnownFacts>) =>
  deadLetterFacts({ format: "spring-kafka", consumerGroup: "payments", ...known });

describe("fingerprintOf", () => {
  const base = fingerprintOf(letter({ stack: SPRING(42, "card 4711 of cust-77 refused") }), "order.placed");
  const same: readonly [why: string, facts: Partial<KnownFacts>][] = [
    ["another card and another line number", { stack: SPRING(57, "card 9 of cust-1 refused") }],
    ["another topic and framework", { stack: SPRING(42, "x"), format: "kafka-streams", originalTopic: "elsewhere" }],
    [
      "another wrapper around it",
      { stack: SPRING(42, "x").replace("Listener failed", "y"), exceptionClass: "some.Wrapper" },
    ],
  ];
  for (const [why, facts] of same)
    it(`is the same for ${why}`, () =>
      assert.equal(fingerprintOf(letter(facts), "order.placed").fingerprint, base.fingerprint));

  const differs: readonly [why: string, facts: Partial<KnownFacts>, type: string | null][] = [
    ["event type", { stack: SPRING(42, "x") }, "order.cancelled"],
    ["group", { stack: SPRING(42, "x"), consumerGroup: "other" }, "order.placed"],
    ["stage", { stack: SPRING(42, "x"), stage: "VALUE_CONVERTER" }, "order.placed"],
    ["root cause", { stack: SPRING(42, "x").replace("PaymentRefused", "PaymentLost") }, "order.placed"],
    ["place in the code", { stack: SPRING(42, "x").replace("lambda$charge", "refund") }, "order.placed"],
  ];
  for (const [why, facts, type] of differs)
    it(`differs by ${why}`, () => assert.notEqual(fingerprintOf(letter(facts), type).fingerprint, base.fingerprint));

  it("has a title for people", () =>
    assert.equal(base.title, "PaymentRefused: card <n> of cust-<n> refused in Gateway.lambda$charge"));
  it("tells by the message where there is no stack", () => {
    const of = (message: string) => fingerprintOf(letter({ message }), null);
    assert.equal(of("order 1 is bad").fingerprint, of("order 2 is bad").fingerprint);
    assert.notEqual(of("order 1 is bad").fingerprint, of("order 1 is late").fingerprint);
    assert.equal(of("order 1 is bad").title, "order <n> is bad");
  });
  it("says so where no reason is given", () => assert.equal(fingerprintOf(letter({}), null).title, "No reason given"));
  it("takes the stage for a reason where it is all there is", () =>
    assert.equal(fingerprintOf(letter({ stage: "rejected" }), null).title, "rejected"));

  it("takes any text, bounded", () => {
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
        const { fingerprint, title } = fingerprintOf(letter({ stack: parts.join(""), message }), null);
        assert.match(fingerprint, /^[0-9a-f]{16}$/);
        assert.ok(title.length > 0 && title.length <= 200);
      }),
      { numRuns: 500 },
    );
  });
});

describe("hostile stacks end", () => {
  // A quadratic reader takes minutes on these; the runner's time limit is the judge, not a stopwatch.
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
      assert.match(fingerprintOf(letter({ stack: text, message: text }), text).fingerprint, /^[0-9a-f]{16}$/);
      assert.match(fingerprintOf(letter({ message: text }), null).fingerprint, /^[0-9a-f]{16}$/);
    });
});
