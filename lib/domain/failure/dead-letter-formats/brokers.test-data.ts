import type { DeadLetterRow } from "./row.test-data.ts";

export const BROKER_ROWS: readonly DeadLetterRow[] = [
  {
    why: "RabbitMQ: the newest death comes first, the first death names the origin",
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
    why: "RabbitMQ over AMQP 1.0: the same in an annotation",
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
    why: "RabbitMQ: back in its own queue after a delay, it is no dead letter",
    topic: "orders",
    headers: [
      ["x-death", "[]"],
      ["x-first-death-queue", "orders"],
      ["x-first-death-reason", "rejected"],
    ],
    expected: null,
  },
  { why: "RabbitMQ: x-death is no JSON", topic: "q", headers: [["x-death", "{{"]], expected: null },
  {
    why: "SQS: the queue is known, the reason is not",
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
    why: "Google Pub/Sub",
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
];
