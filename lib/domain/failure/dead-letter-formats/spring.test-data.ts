import { bigEndian, type HeaderRow } from "../../message/a-record.test-data.ts";
import type { DeadLetterRow } from "./row.test-data.ts";

const JVM_STACK = [
  "org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed",
  "\tat org.springframework.kafka.X.y(X.java:1)",
  "Caused by: com.acme.PaymentRefused: card refused",
  "\tat com.acme.Payments.charge(Payments.java:42)",
  "",
].join("\n");

const springHop = (prefix: string, topic: string, offset: bigint): readonly HeaderRow[] => [
  [`${prefix}original-topic`, topic],
  [`${prefix}original-partition`, bigEndian(3n, 4)],
  [`${prefix}original-offset`, bigEndian(offset, 8)],
  [`${prefix}original-timestamp`, bigEndian(1_700_000_000_000n, 8)],
  [`${prefix}original-timestamp-type`, "CreateTime"],
];
export const springDlt: readonly HeaderRow[] = [
  ...springHop("kafka_dlt-", "orders", 91_204n),
  ["kafka_dlt-original-consumer-group", "payments"],
  ["kafka_dlt-exception-fqcn", "org.springframework.kafka.listener.ListenerExecutionFailedException"],
  ["kafka_dlt-exception-cause-fqcn", "com.acme.PaymentRefused"],
  ["kafka_dlt-exception-message", "Listener failed; card refused"],
  ["kafka_dlt-exception-stacktrace", JVM_STACK],
];
const retryable: readonly HeaderRow[] = [
  ...springHop("kafka_", "orders", 7n),
  ["kafka_dlt-original-consumer-group", "payments"],
  ["kafka_exception-fqcn", "org.x.Wrapper"],
  ["kafka_exception-cause-fqcn", "com.acme.Boom"],
  ["retry_topic-attempts", bigEndian(3n, 4)],
  ["retry_topic-backoff-timestamp", new Uint8Array([1, 2, 3])],
];

export const SPRING_ROWS: readonly DeadLetterRow[] = [
  {
    why: "Spring: numbers as bytes",
    topic: "orders-dlt",
    headers: springDlt,
    expected: {
      format: "spring-kafka",
      originalTopic: "orders",
      originalPartition: 3,
      originalOffset: 91_204n,
      originalTimestampMs: 1_700_000_000_000,
      consumerGroup: "payments",
      rootCauseClass: "com.acme.PaymentRefused",
      message: "Listener failed; card refused",
      stack: JVM_STACK.trimEnd() + "\n",
    },
  },
  {
    why: "Spring's headers from another writer: numbers as text",
    topic: "orders-dlt",
    headers: [
      ["kafka_dlt-original-topic", "orders"],
      ["kafka_dlt-original-partition", "3"],
      ["kafka_dlt-original-offset", "91204"],
    ],
    expected: { originalPartition: 3, originalOffset: 91_204n },
  },
  {
    why: "Spring: after several hops the original topic counts",
    topic: "orders-dlt-dlt",
    headers: [...springHop("kafka_dlt-", "orders", 5n), ...springHop("kafka_dlt-", "orders-dlt", 1n)],
    expected: { originalTopic: "orders", originalOffset: 5n },
  },
  {
    why: "Spring: an event that was replayed and failed again has its newest position",
    topic: "orders-dlt",
    headers: [...springHop("kafka_dlt-", "orders", 5n), ...springHop("kafka_dlt-", "orders", 900n)],
    expected: { originalTopic: "orders", originalOffset: 900n },
  },
  {
    why: "Spring: the key could not be deserialized",
    topic: "orders-dlt",
    headers: [
      ["kafka_dlt-original-topic", "orders"],
      ["kafka_dlt-key-exception-fqcn", "org.x.DeserializationException"],
      ["kafka_dlt-key-exception-message", "no key"],
    ],
    expected: { exceptionClass: "org.x.DeserializationException", message: "no key", stage: "key" },
  },
  {
    why: "@RetryableTopic: a dead letter",
    topic: "orders-dlt",
    headers: retryable,
    expected: {
      format: "spring-retryable-topic",
      originalTopic: "orders",
      originalOffset: 7n,
      consumerGroup: "payments",
      attempt: 2,
      rootCauseClass: "com.acme.Boom",
    },
  },
  {
    why: "@RetryableTopic: with the same headers on a retry topic it is no dead letter yet",
    topic: "orders-retry-1",
    headers: retryable,
    expected: null,
    retryHop: true,
  },
  {
    why: "Spring: the header names the outer cause, the stack trace the root cause",
    topic: "orders-dlt",
    headers: [
      ["kafka_dlt-original-topic", "orders"],
      ["kafka_dlt-exception-fqcn", "org.x.Wrapper"],
      ["kafka_dlt-exception-cause-fqcn", "com.acme.ChargeFailed"],
      [
        "kafka_dlt-exception-stacktrace",
        [
          "org.x.Wrapper: a",
          "\tat org.x.A.b(A.java:1)",
          "Caused by: com.acme.ChargeFailed: b",
          "\tat com.acme.C.d(C.java:2)",
          "Caused by: com.acme.UnknownCurrency: c",
          "\tat com.acme.E.f(E.java:3)",
          "",
        ].join("\n"),
      ],
    ],
    expected: { exceptionClass: "org.x.Wrapper", rootCauseClass: "com.acme.UnknownCurrency" },
  },
  {
    why: "@RetryableTopic: attempts in one byte, as old versions write them",
    topic: "orders-dlt",
    headers: [...springHop("kafka_", "orders", 7n), ["retry_topic-attempts", new Uint8Array([2])]],
    expected: { attempt: 1 },
  },
  {
    why: "Spring: sent back to its own topic with all its headers, it is an ordinary event",
    topic: "orders",
    headers: springDlt,
    expected: null,
    retryHop: false,
  },
  {
    why: "Spring Cloud Stream: only the topic's name names the group",
    topic: "error.orders.payments",
    headers: [
      ["x-original-topic", "orders"],
      ["x-original-partition", bigEndian(1n, 4)],
      ["x-original-offset", bigEndian(12n, 8)],
      ["x-exception-fqcn", "com.acme.Boom"],
      ["x-exception-message", "boom"],
      ["x-exception-stacktrace", JVM_STACK],
    ],
    expected: {
      format: "spring-cloud-stream",
      originalTopic: "orders",
      originalPartition: 1,
      originalOffset: 12n,
      consumerGroup: "payments",
      exceptionClass: "com.acme.Boom",
      rootCauseClass: "com.acme.PaymentRefused",
    },
  },
  {
    why: "Spring AMQP: RepublishMessageRecoverer",
    headers: [
      ["x-original-exchange", "shop"],
      ["x-original-routingKey", "orders"],
      ["x-exception-message", "boom"],
      ["x-exception-stacktrace", JVM_STACK],
    ],
    topic: "failed",
    expected: {
      format: "spring-amqp",
      originalTopic: "shop",
      exceptionClass: "org.springframework.kafka.listener.ListenerExecutionFailedException",
      message: "boom",
    },
  },
];
