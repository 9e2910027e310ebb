import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readStack } from "./stack.ts";
import { DOTNET_STACK, NODE_CAUSE_STACK, NODE_STACK, PYTHON_STACK, springStack } from "./stacks.test-data.ts";

describe("readStack finds the root cause and own code", () => {
  const table: readonly [
    why: string,
    stack: string,
    type: string | null,
    message: string | null,
    frame: string | null,
  ][] = [
    [
      "JVM: the last Caused by, without frames of the runtime",
      springStack(42, "refused"),
      "com.acme.payments.PaymentRefused",
      "refused",
      "com.acme.payments.Gateway.lambda$charge",
    ],
    [
      ".NET: the innermost exception comes first",
      DOTNET_STACK,
      "Acme.PaymentRefused",
      "card 4711 refused",
      "Acme.Payments.Gateway.ChargeAsync",
    ],
    [
      ".NET Framework: causes on the first line",
      [
        "System.Exception: outer ---> Acme.Boom: inner",
        "   at Acme.A.B()",
        "   --- End of inner exception stack trace ---",
        "   at Acme.C.D()",
      ].join("\n"),
      "Acme.Boom",
      "inner",
      "Acme.A.B",
    ],
    [
      "Node: without frames of node: and node_modules",
      NODE_STACK,
      "TypeError",
      "Cannot read properties of undefined (reading 'id')",
      "PaymentHandler.charge (payments.js)",
    ],
    ["Node: a cause", NODE_CAUSE_STACK, "RangeError", "too much", "deep (deep.js)"],
    [
      "Python: the first traceback is the root cause, its innermost own frame counts",
      PYTHON_STACK,
      "orders.errors.PaymentRefused",
      "card 4711",
      "charge (gateway.py)",
    ],
    [
      "JVM: of a cause without own frames, the nearest own frame around it",
      [
        "com.acme.A: a",
        "\tat com.acme.Own.code(Own.java:1)",
        "Caused by: java.io.IOException: b",
        "\tat java.io.X.y(X.java:1)",
      ].join("\n"),
      "java.io.IOException",
      "b",
      "com.acme.Own.code",
    ],
    [
      "only frames of frameworks: the first one",
      "java.io.IOException: b\n\tat java.io.X.y(X.java:1)\n\tat java.io.Z.z(Z.java:1)",
      "java.io.IOException",
      "b",
      "java.io.X.y",
    ],
    ["no stack trace", "something went wrong", null, "something went wrong", null],
    ["empty text", "", null, null, null],
  ];
  for (const [why, stack, rootType, rootMessage, frame] of table)
    it(why, () => assert.deepEqual(readStack(stack), { rootType, rootMessage, frame }));

  it("does not take lines of the message for frames or causes", () => {
    const message = "could not parse:\nCaused by: com.evil.Fake: no\n\tat com.evil.Fake.frame(Fake.java:1)";
    const stack = `com.acme.Boom: ${message}\n\tat com.acme.Real.code(Real.java:1)`;
    assert.deepEqual(readStack(stack, message), {
      rootType: "com.acme.Boom",
      rootMessage: "could not parse:",
      frame: "com.acme.Real.code",
    });
  });
});
