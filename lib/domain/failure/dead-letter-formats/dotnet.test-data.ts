import type { DeadLetterRow } from "./row.test-data.ts";

export const DOTNET_ROWS: readonly DeadLetterRow[] = [
  {
    why: "NServiceBus: the failed queue belongs to the endpoint",
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
];
