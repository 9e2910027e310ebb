import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stackLines } from "./stack-frames.ts";

const first = (stack: string) =>
  stackLines(stack)
    .find((line) => line.first)
    ?.text.trim();

describe("stackLines", () => {
  for (const [why, stack, expected] of [
    [
      "Java: the innermost cause counts, not the framework's wrapper",
      `org.springframework.kafka.ListenerExecutionFailedException: failed
\tat com.example.Outer.run(Outer.java:9)
Caused by: java.lang.NullPointerException: items
\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)
\tat app//com.example.PriceCalculator.total(PriceCalculator.java:41)
\tat org.springframework.kafka.Container.invoke(Container.java:1)
\t... 14 more`,
      "at app//com.example.PriceCalculator.total(PriceCalculator.java:41)",
    ],
    [
      "Node: packages and the runtime are passed over",
      [
        "Error: boom",
        "    at Module._compile (node:internal/modules/cjs:1:2)",
        "    at run (/app/node_modules/kafkajs/src/consumer.js:3:1)",
        "    at charge (/app/src/payments.js:88:7)",
      ].join("\n"),
      "at charge (/app/src/payments.js:88:7)",
    ],
    [
      ".NET",
      [
        "System.InvalidOperationException: no",
        "   at MassTransit.Pipe.Send(Context c)",
        "   at Shop.Payments.Charge(Order o) in /src/Payments.cs:line 12",
      ].join("\n"),
      "at Shop.Payments.Charge(Order o) in /src/Payments.cs:line 12",
    ],
    [
      "Python: the newest call stands last",
      [
        "Traceback (most recent call last):",
        `  File "/usr/lib/python3.12/asyncio/run.py", line 1, in run`,
        `  File "/app/main.py", line 3, in main`,
        `  File "/app/pay.py", line 12, in charge`,
        "ValueError: no",
      ].join("\n"),
      'File "/app/pay.py", line 12, in charge',
    ],
    [
      "only library frames under the cause: the application frame above it",
      [
        "a.B: x",
        "\tat com.example.A.b(A.java:1)",
        "Caused by: java.io.IOException: y",
        "\tat java.base/java.io.File.open(File.java:2)",
      ].join("\n"),
      "at com.example.A.b(A.java:1)",
    ],
    ["no frame at all", "just words", undefined],
  ] as const) {
    it(why, () => assert.equal(first(stack), expected));
  }

  it("is bounded in lines and width", () => {
    const lines = stackLines(`${"x".repeat(9000)}\n`.repeat(9000), 100);
    assert.equal(lines.length, 100);
    assert.ok(lines.every((line) => line.text.length <= 500));
  });
});
