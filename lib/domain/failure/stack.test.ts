import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readStack } from "./stack.ts";
import {
  DOTNET_STACK,
  lambdaStack,
  localDotnetStack,
  NODE_CAUSE_STACK,
  NODE_STACK,
  PYTHON_STACK,
  springStack,
} from "./stacks.test-data.ts";

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

describe("readStack names one frame over what runtimes generate", () => {
  const lambdas = ["$14/0x0000000800c03000", "/0x00007f2a1c2d3e4f", "$14/1234567890", "$5a3b2c1d0e9f", ""];
  const proxies = [
    "Handler$$SpringCGLIB$$0",
    "Handler$$EnhancerBySpringCGLIB$$3f2a1b",
    "Handler$$EnhancerByCGLIB$$a1",
    "Handler$ByteBuddy$aB3dE9xY",
    "Handler$HibernateProxy$k2J9",
    "Handler_$$_jvst1a2_3",
    "Handler$Proxy$_$$_WeldClientProxy",
    "Handler_ClientProxy",
    "Handler_Subclass",
    "$Handler$Definition$Intercepted",
    "Handler",
  ];
  const accessors = [
    "jdk.internal.reflect.GeneratedMethodAccessor42",
    "sun.reflect.GeneratedMethodAccessor7",
    "java.base/jdk.internal.reflect.DirectMethodHandleAccessor",
    "java.base/java.lang.invoke.LambdaForm$DMH/0x0000000800c03000",
    "LambdaForm$MH/0x00007f2a1c",
    "com.acme.orders.Handler$$InjectedInvoker/0x0000000800c03000",
    "com.acme.orders.$Proxy12",
    "jdk.proxy2/jdk.proxy2.$Proxy45",
  ];
  const stacks = [
    ...lambdas.map((lambda) => [lambda, "Handler", accessors[0]] as const),
    ...proxies.map((proxy) => [lambdas[0], proxy, accessors[0]] as const),
    ...accessors.map((accessor) => [lambdas[0], "Handler", accessor] as const),
  ];
  for (const [lambda = "", proxy, accessor = ""] of stacks)
    it([lambda, proxy, accessor].join(" "), () =>
      assert.equal(readStack(lambdaStack(lambda, proxy, accessor)).frame, "com.acme.orders.Handler.onOrder"),
    );

  for (const [frame, expected] of [
    ["Acme.Job.<>c__DisplayClass5_0.<Run>b__0()", "Acme.Job.<>c__DisplayClass.<Run>b__"],
    ["Acme.Job.<>c__DisplayClass7_1.<Run>b__2()", "Acme.Job.<>c__DisplayClass.<Run>b__"],
    ["Acme.Job.<Run>g__Local|3_0()", "Acme.Job.<Run>g__Local"],
    ["com.acme.Job$run$2$1.invokeSuspend(Job.kt:12)", "com.acme.Job$run.invokeSuspend"],
  ] as const)
    it(frame, () => assert.equal(readStack(`a.Boom: x\n   at ${frame}`).frame, expected));
});

describe("readStack prefers own code to libraries that no list has", () => {
  const jvm = (frames: readonly string[]) =>
    `com.acme.Boom: x\n${frames.map((at) => `\tat ${at}(X.java:1)`).join("\n")}`;
  const listener = "org.springframework.kafka.listener.KafkaMessageListenerContainer.run";
  const cases: readonly [why: string, frames: readonly string[], expected: string][] = [
    [
      "it is what the framework calls that is own code",
      ["net.unheard.of.Client.post", "com.acme.Gateway.charge", "com.acme.Handler.on", listener],
      "com.acme.Gateway.charge",
    ],
    [
      "own code that calls own code through a library",
      ["com.acme.Repo.find", "net.unheard.of.Retry.run", "com.acme.Handler.on", listener],
      "com.acme.Repo.find",
    ],
    [
      "a library that runs in a thread of its own tells nothing",
      ["com.acme.Handler.on", "net.unheard.of.Processor.run", "java.lang.Thread.run"],
      "com.acme.Handler.on",
    ],
    [
      "known libraries",
      ["org.jooq.impl.Tools.translate", "io.lettuce.core.X.y", "com.acme.Handler.on"],
      "com.acme.Handler.on",
    ],
    ["nothing but libraries", ["org.jooq.impl.Tools.translate", listener], "org.jooq.impl.Tools.translate"],
  ];
  for (const [why, frames, expected] of cases) it(why, () => assert.equal(readStack(jvm(frames)).frame, expected));
});

describe("readStack reads .NET in the language of its machine", () => {
  for (const [at, end, inFile] of [
    ["bei", "Ende der internen Ausnahmestapelüberwachung", "in C:\\src\\Gateway.cs:Zeile 42."],
    ["à", "Fin de la trace de la pile d'exception interne", "dans C:\\src\\Gateway.cs:ligne 42"],
    ["en", "Fin del seguimiento de la pila de la excepción interna", "en C:\\src\\Gateway.cs:línea 42"],
    ["場所", "内部例外スタック トレースの終わり", "場所 C:\\src\\Gateway.cs:行 42"],
    ["在", "内部异常堆栈跟踪的结尾", "位置 C:\\src\\Gateway.cs:行号 42"],
    ["於", "內部例外狀況堆疊追蹤的結尾", "於 C:\\src\\Gateway.cs: 行 42"],
    ["в", "Конец трассировки внутреннего стека исключений", "в C:\\src\\Gateway.cs:строка 42"],
    ["위치:", "내부 예외 스택 추적의 끝", "파일 C:\\src\\Gateway.cs:줄 42"],
    ["em", "Fim do rastreamento de pilha de exceções internas", "na C:\\src\\Gateway.cs:linha 42"],
    ["in", "Fine della traccia dello stack dell'eccezione interna", "in C:\\src\\Gateway.cs:riga 42"],
    ["w", "Koniec śladu stosu wyjątków wewnętrznych", "w C:\\src\\Gateway.cs:wiersz 42"],
    ["v", "Konec trasování zásobníku pro vnitřní výjimku", "v C:\\src\\Gateway.cs:řádek 42"],
    ["konum:", "İç özel durum yığını izlemesinin sonu", "C:\\src\\Gateway.cs içinde: satır 42"],
    ["a következő helyen:", "Belső kivétel verem nyomkövetésének vége", "C:\\src\\Gateway.cs"],
    ["at", "End of inner exception stack trace", "in C:\\src\\Gateway.cs:line 42"],
  ] as const)
    it(at, () =>
      assert.deepEqual(readStack(localDotnetStack(at, end, inFile)), {
        rootType: "Acme.Boom",
        rootMessage: "inner",
        frame: "Acme.Payments.Gateway.Charge",
      }),
    );
  it("takes an inner exception of several for a cause, in any language", () =>
    assert.equal(
      readStack("System.AggregateException: a\n ---> (Interne Ausnahme #0) Acme.Boom: b\n   bei Acme.A.B()").rootType,
      "Acme.Boom",
    ));
  it("takes no sentence for a frame", () =>
    assert.equal(readStack("Acme.Boom: x\n  see also foo.bar (baz)\n  call a.b").frame, null));
});
