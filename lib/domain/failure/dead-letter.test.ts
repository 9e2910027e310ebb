import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { aRecord, bigEndian, someHeaders, type HeaderRow } from "../message/a-record.test-data.ts";
import { observe } from "../observe/observe.ts";
import { NO_RULES, type ObserveRules } from "../observe/rules.ts";
import type { DeadLetterFacts } from "./facts.ts";
import { stripForReplay } from "./strip-for-replay.ts";

const JVM_STACK =
  "org.springframework.kafka.listener.ListenerExecutionFailedException: Listener failed\n\tat org.springframework.kafka.X.y(X.java:1)\nCaused by: com.acme.PaymentRefused: card refused\n\tat com.acme.Payments.charge(Payments.java:42)\n";

const springHop = (p: string, topic: string, offset: bigint): readonly HeaderRow[] => [
  [`${p}original-topic`, topic],
  [`${p}original-partition`, bigEndian(3n, 4)],
  [`${p}original-offset`, bigEndian(offset, 8)],
  [`${p}original-timestamp`, bigEndian(1_700_000_000_000n, 8)],
  [`${p}original-timestamp-type`, "CreateTime"],
];
const springDlt: readonly HeaderRow[] = [
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

interface Row {
  why: string;
  topic?: string;
  headers: readonly HeaderRow[];
  rules?: Partial<ObserveRules>;
  expected: Partial<DeadLetterFacts> | null;
  retryHop?: boolean;
}

const rows: readonly Row[] = [
  {
    why: "Spring's dead letter, numbers as bytes",
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
    why: "Spring's, written by someone else with numbers as text",
    topic: "orders-dlt",
    headers: [
      ["kafka_dlt-original-topic", "orders"],
      ["kafka_dlt-original-partition", "3"],
      ["kafka_dlt-original-offset", "91204"],
    ],
    expected: { originalPartition: 3, originalOffset: 91_204n },
  },
  {
    why: "past hops the true origin is told",
    topic: "orders-dlt-dlt",
    headers: [...springHop("kafka_dlt-", "orders", 5n), ...springHop("kafka_dlt-", "orders-dlt", 1n)],
    expected: { originalTopic: "orders", originalOffset: 5n },
  },
  {
    why: "sent again and failed again, the newest place counts",
    topic: "orders-dlt",
    headers: [...springHop("kafka_dlt-", "orders", 5n), ...springHop("kafka_dlt-", "orders", 900n)],
    expected: { originalTopic: "orders", originalOffset: 900n },
  },
  {
    why: "a key that could not be read",
    topic: "orders-dlt",
    headers: [
      ["kafka_dlt-original-topic", "orders"],
      ["kafka_dlt-key-exception-fqcn", "org.x.DeserializationException"],
      ["kafka_dlt-key-exception-message", "no key"],
    ],
    expected: { exceptionClass: "org.x.DeserializationException", message: "no key", stage: "key" },
  },
  {
    why: "@RetryableTopic's dead letter",
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
    why: "on a retry topic the same headers mean not dead yet",
    topic: "orders-retry-1",
    headers: retryable,
    expected: null,
    retryHop: true,
  },
  {
    why: "a cause within the cause: Spring's header names the outer one",
    topic: "orders-dlt",
    headers: [
      ["kafka_dlt-original-topic", "orders"],
      ["kafka_dlt-exception-fqcn", "org.x.Wrapper"],
      ["kafka_dlt-exception-cause-fqcn", "com.acme.ChargeFailed"],
      [
        "kafka_dlt-exception-stacktrace",
        "org.x.Wrapper: a\n\tat org.x.A.b(A.java:1)\nCaused by: com.acme.ChargeFailed: b\n\tat com.acme.C.d(C.java:2)\nCaused by: com.acme.UnknownCurrency: c\n\tat com.acme.E.f(E.java:3)\n",
      ],
    ],
    expected: { exceptionClass: "org.x.Wrapper", rootCauseClass: "com.acme.UnknownCurrency" },
  },
  {
    why: "attempts of one byte, as old Spring counted",
    topic: "orders-dlt",
    headers: [...springHop("kafka_", "orders", 7n), ["retry_topic-attempts", new Uint8Array([2])]],
    expected: { attempt: 1 },
  },
  {
    why: "sent back to its own topic with all its headers, it is an event again",
    topic: "orders",
    headers: springDlt,
    expected: null,
    retryHop: false,
  },
  {
    why: "Spring Cloud Stream: the group stands only in the topic's name",
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
    why: "Spring AMQP republished",
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
  {
    why: "Kafka Connect: all text, group by its connector, the last hop newest",
    topic: "connect-errors",
    headers: [
      ["__connect.errors.topic", "older"],
      ["__connect.errors.topic", "orders"],
      ["__connect.errors.partition", "2"],
      ["__connect.errors.offset", "55"],
      ["__connect.errors.connector.name", "jdbc-sink"],
      ["__connect.errors.stage", "VALUE_CONVERTER"],
      ["__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException"],
      ["__connect.errors.exception.message", "bad"],
    ],
    expected: {
      format: "kafka-connect",
      originalTopic: "orders",
      originalPartition: 2,
      originalOffset: 55n,
      consumerGroup: "connect-jdbc-sink",
      stage: "VALUE_CONVERTER",
      exceptionClass: "org.apache.kafka.connect.errors.DataException",
    },
  },
  {
    why: "Kafka Streams' first version wrote class and message in one",
    headers: [
      ["__streams.errors.exception", "com.acme.Boom: went off"],
      ["__streams.errors.topic", "orders"],
      ["__streams.errors.partition", "0"],
      ["__streams.errors.offset", "8"],
    ],
    topic: "errors",
    expected: {
      format: "kafka-streams",
      exceptionClass: "com.acme.Boom",
      message: "went off",
      originalOffset: 8n,
      consumerGroup: null,
    },
  },
  {
    why: "Kafka Streams today: class and message apart",
    headers: [
      ["ce_type", "clicks.told"],
      ["__streams.errors.exception", "org.apache.kafka.common.errors.SerializationException"],
      ["__streams.errors.message", "clicks are no number"],
      [
        "__streams.errors.stacktrace",
        'org.apache.kafka.common.errors.SerializationException: clicks are no number\n\tat shop.own.ClickCounter.read(ClickCounter.java:49)\nCaused by: java.lang.NumberFormatException: For input string: "many"\n\t... 14 more\n',
      ],
      ["__streams.errors.topic", "clicks"],
      ["__streams.errors.partition", "1"],
      ["__streams.errors.offset", "4"],
    ],
    topic: "click-graveyard",
    expected: {
      format: "kafka-streams",
      exceptionClass: "org.apache.kafka.common.errors.SerializationException",
      rootCauseClass: "java.lang.NumberFormatException",
      message: "clicks are no number",
      originalTopic: "clicks",
      originalPartition: 1,
      originalOffset: 4n,
      consumerGroup: null,
    },
  },
  {
    why: "NServiceBus: the failed queue is its endpoint's",
    topic: "error",
    headers: [
      ["NServiceBus.FailedQ", "Sales@HOST"],
      ["NServiceBus.ProcessingEndpoint", "Sales"],
      ["NServiceBus.ExceptionInfo.ExceptionType", "System.Exception"],
      ["NServiceBus.ExceptionInfo.InnerExceptionType", "Acme.Boom"],
      ["NServiceBus.ExceptionInfo.Message", "boom"],
      ["NServiceBus.Retries", "3"],
    ],
    expected: {
      format: "nservicebus",
      originalTopic: "Sales",
      consumerGroup: "Sales",
      exceptionClass: "System.Exception",
      rootCauseClass: "Acme.Boom",
      attempt: 3,
    },
  },
  {
    why: "MassTransit",
    topic: "orders_error",
    headers: [
      ["MT-Reason", "fault"],
      ["MT-Fault-ExceptionType", "Acme.Boom"],
      ["MT-Fault-InputAddress", "rabbitmq://host/orders"],
      ["MT-Fault-Message", "boom"],
      ["MT-Fault-ConsumerType", "Acme.OrderConsumer"],
      ["MT-Fault-RetryCount", "2"],
    ],
    expected: {
      format: "masstransit",
      originalTopic: "orders",
      exceptionClass: "Acme.Boom",
      stage: "Acme.OrderConsumer",
      attempt: 2,
    },
  },
  {
    why: "RabbitMQ: newest death first, the first death is the origin",
    topic: "dead",
    headers: [
      [
        "x-death",
        JSON.stringify([
          { queue: "wait", reason: "expired", count: 2, time: "2024-05-06T07:08:09Z" },
          { queue: "orders", reason: "rejected", count: 3 },
        ]),
      ],
      ["x-first-death-queue", "orders"],
    ],
    expected: { format: "rabbitmq", originalTopic: "orders", consumerGroup: "orders", attempt: 2, stage: "expired" },
  },
  {
    why: "RabbitMQ over AMQP 1.0 says the same in an annotation",
    topic: "dead",
    headers: [
      [
        "x-opt-deaths",
        JSON.stringify([
          {
            queue: "orders",
            reason: "maxlen",
            count: 1,
            "first-time": "2024-05-06T07:08:09Z",
            "last-time": "2024-05-06T08:08:09Z",
            ttl: 0,
          },
        ]),
      ],
    ],
    expected: {
      format: "rabbitmq",
      originalTopic: "orders",
      attempt: 1,
      stage: "maxlen",
      originalTimestampMs: Date.UTC(2024, 4, 6, 7, 8, 9),
    },
  },
  {
    why: "RabbitMQ: back in its own queue after a wait, it is not dead",
    topic: "orders",
    headers: [
      ["x-death", "[]"],
      ["x-first-death-queue", "orders"],
      ["x-first-death-reason", "rejected"],
    ],
    expected: null,
  },
  { why: "x-death in a form nobody knows", topic: "q", headers: [["x-death", "{{"]], expected: null },
  {
    why: "SQS tells the queue, never the reason",
    topic: "orders-failed",
    headers: [
      ["DeadLetterQueueSourceArn", "arn:aws:sqs:eu-west-1:123456789012:orders"],
      ["ApproximateReceiveCount", "5"],
      ["SentTimestamp", "1700000000000"],
    ],
    expected: {
      format: "aws-sqs",
      originalTopic: "orders",
      attempt: 5,
      originalTimestampMs: 1_700_000_000_000,
      message: null,
    },
  },
  {
    why: "Pub/Sub",
    topic: "dead",
    headers: [
      ["CloudPubSubDeadLetterSourceSubscription", "payments"],
      ["CloudPubSubDeadLetterSourceDeliveryCount", "6"],
      ["CloudPubSubDeadLetterSourceTopicPublishTime", "2024-05-06T07:08:09.123+00:00"],
    ],
    expected: {
      format: "gcp-pubsub",
      consumerGroup: "payments",
      attempt: 6,
      originalTimestampMs: Date.UTC(2024, 4, 6, 7, 8, 9, 123),
    },
  },
  {
    why: "SmallRye puts the newest first",
    topic: "dead-letter-topic-orders",
    headers: [
      ["dead-letter-reason", "newest"],
      ["dead-letter-topic", "orders"],
      ["dead-letter-partition", "1"],
      ["dead-letter-offset", "99"],
      ["dead-letter-cause-class-name", "com.acme.Boom"],
      ["dead-letter-reason", "older"],
      ["dead-letter-offset", "1"],
    ],
    expected: {
      format: "smallrye",
      message: "newest",
      originalTopic: "orders",
      originalOffset: 99n,
      rootCauseClass: "com.acme.Boom",
    },
  },
  {
    why: "SmallRye's delayed retry is not dead yet",
    topic: "orders_later_5000",
    headers: [
      ["delayed-retry-count", "1"],
      ["delayed-retry-topic", "orders"],
      ["delayed-retry-reason", "boom"],
    ],
    expected: null,
    retryHop: true,
  },
  {
    why: "Karafka, old names",
    topic: "dead",
    headers: [
      ["original_topic", "orders"],
      ["original_partition", "1"],
      ["original_offset", "9"],
      ["original_consumer_group", "app"],
      ["original_attempts", "2"],
    ],
    expected: { format: "karafka", originalTopic: "orders", originalOffset: 9n, consumerGroup: "app", attempt: 2 },
  },
  {
    why: "Karafka, new names",
    topic: "dead",
    headers: [
      ["source_topic", "orders"],
      ["source_offset", "9"],
    ],
    expected: { format: "karafka", originalTopic: "orders" },
  },
  { why: "an offset of something else is no failure", headers: [["source_offset", "9"]], expected: null },
  {
    why: "Watermill",
    topic: "poison",
    headers: [
      ["reason_poisoned", "cannot unmarshal"],
      ["topic_poisoned", "orders"],
      ["handler_poisoned", "charge"],
    ],
    expected: { format: "watermill", originalTopic: "orders", message: "cannot unmarshal", stage: "charge" },
  },
  {
    why: "Rebus",
    topic: "error",
    headers: [
      ["rbs2-error-details", "Acme.Boom: went off\n   at Acme.H.Handle()"],
      ["rbs2-source-queue", "orders@host"],
      ["rbs2-delivery-count", "5"],
    ],
    expected: {
      format: "rebus",
      originalTopic: "orders",
      exceptionClass: "Acme.Boom",
      message: "went off",
      attempt: 5,
    },
  },
  {
    why: "CAP",
    topic: "failed",
    headers: [
      ["cap-exception", "TimeoutException-->too slow"],
      ["cap-msg-group", "billing"],
      ["cap-msg-name", "order.placed"],
    ],
    expected: {
      format: "cap",
      exceptionClass: "TimeoutException",
      message: "too slow",
      consumerGroup: "billing",
      originalTopic: "order.placed",
    },
  },

  {
    why: "through two frameworks, the later headers are the newer failure",
    topic: "connect-dlq",
    headers: [...springDlt, ["__connect.errors.topic", "orders-dlt"], ["__connect.errors.exception.class.name", "X.Y"]],
    expected: { format: "kafka-connect" },
  },
  {
    why: "a framework tells more than its broker",
    topic: "dead",
    headers: [
      ["x-exception-message", "boom"],
      ["x-original-exchange", "shop"],
      ["x-first-death-queue", "orders"],
    ],
    expected: { format: "spring-amqp" },
  },
  {
    why: "declared, without any header",
    topic: "parking",
    headers: [],
    rules: { deadLetterTopics: [{ topic: "park*", source: "orders", group: "payments" }] },
    expected: { format: "declared", originalTopic: "orders", consumerGroup: "payments", message: null },
  },
  {
    why: "what headers leave open the declaration fills",
    topic: "parking",
    headers: [["__streams.errors.topic", "orders"]],
    rules: { deadLetterTopics: [{ topic: "parking", source: "other", group: "payments" }] },
    expected: { originalTopic: "orders", consumerGroup: "payments" },
  },
  {
    why: "known by its topic's name alone",
    topic: "orders.DLQ",
    headers: [],
    expected: { format: "topic-name", originalTopic: "orders" },
  },
  { why: "an ordinary event on an ordinary topic", topic: "orders", headers: [["ce_id", "1"]], expected: null },
  { why: "an event about dead letters is not one", topic: "dlq.alerts", headers: [], expected: null },
  {
    why: "an ordinary event on a retry topic is just an event",
    topic: "orders-retry",
    headers: [],
    expected: null,
    retryHop: false,
  },
];

describe("dead letters", () => {
  for (const { why, topic, headers, rules, expected, retryHop } of rows) {
    it(why, () => {
      const seen = observe(aRecord({ ...(topic === undefined ? {} : { topic }), headers }), { ...NO_RULES, ...rules });
      if (expected === null) assert.equal(seen.deadLetter, null);
      else
        for (const [field, value] of Object.entries(expected))
          assert.deepEqual(seen.deadLetter?.[field as keyof DeadLetterFacts], value, field);
      assert.equal(seen.retryHop, retryHop ?? false);
    });
  }

  it("a stack too long keeps both ends, where causes stand", () => {
    const stack = `Outer: first\n${"\tat org.springframework.A.b(A.java:1)\n".repeat(2000)}Caused by: com.acme.Boom: last`;
    const { deadLetter } = observe(
      aRecord({
        topic: "orders-dlt",
        headers: [
          ["kafka_dlt-original-topic", "orders"],
          ["kafka_dlt-exception-stacktrace", stack],
        ],
      }),
      NO_RULES,
    );
    assert.ok((deadLetter?.stack?.length ?? 0) <= 16_384);
    assert.ok(
      deadLetter?.stack?.startsWith("Outer: first") && deadLetter.stack.endsWith("Caused by: com.acme.Boom: last"),
    );
    assert.equal(deadLetter?.rootCauseClass, "com.acme.Boom");
  });
});

describe("stripForReplay", () => {
  it("leaves nothing that tells of a failure, in any format", () => {
    for (const { headers } of rows) {
      const sent = stripForReplay(someHeaders(...headers));
      const again = observe({ ...aRecord({ topic: "somewhere" }), headers: sent }, NO_RULES);
      assert.deepEqual([again.deadLetter, again.retryHop], [null, false], JSON.stringify(sent.map(([name]) => name)));
    }
  });
  it("keeps everything else in its order, trace headers above all", () => {
    const kept = someHeaders(
      ["traceparent", "1"],
      ["b3", "2"],
      ["traceparent", "3"],
      ["ce_id", "4"],
      ["source_offset", "5"],
      ["NServiceBus.MessageId", "6"],
    );
    const headers = [
      ...someHeaders(...springDlt),
      ...kept,
      ...someHeaders(["Flowtap-Replay-Run", "1"], ["X-Death", "[]"]),
    ];
    assert.deepEqual(stripForReplay(headers), kept);
  });
});
