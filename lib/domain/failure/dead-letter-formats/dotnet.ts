import type { HeaderIndex } from "../../message/headers.ts";
import { smallIntegerOf } from "../../message/integers.ts";
import { serviceOfUri } from "../../message/names.ts";
import { labelOf, messageOf, splitException, stackOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

const queueOf = (address: string | null): string | null => (address === null ? null : address.split("@", 1)[0] || null);

/**
 * NServiceBus. The failed queue belongs to an endpoint, which counts as the consumer group. The StackTrace header holds
 * exception.ToString(), including the message.
 */
export const nServiceBusFault: DeadLetterFormat = {
  markers: ["nservicebus.failedq", "nservicebus.exceptioninfo.exceptiontype"],
  failureHeaders: [
    "nservicebus.failedq",
    "nservicebus.timeoffailure",
    "nservicebus.flretries",
    "nservicebus.retries*",
    "nservicebus.exceptioninfo.*",
  ],
  read(headers) {
    const queue = queueOf(labelOf(headers.last("nservicebus.failedq")));
    return {
      format: "nservicebus",
      originalTopic: queue,
      consumerGroup: labelOf(headers.last("nservicebus.processingendpoint")) ?? queue,
      exceptionClass: labelOf(headers.last("nservicebus.exceptioninfo.exceptiontype")),
      rootCauseClass: labelOf(headers.last("nservicebus.exceptioninfo.innerexceptiontype")),
      message: messageOf(headers.last("nservicebus.exceptioninfo.message")),
      stack: stackOf(headers.last("nservicebus.exceptioninfo.stacktrace")),
      attempt:
        smallIntegerOf(headers.last("nservicebus.retries"), "text") ??
        smallIntegerOf(headers.last("nservicebus.flretries"), "text"),
    };
  },
};

function uriName(headers: HeaderIndex, name: string): string | null {
  const uri = labelOf(headers.last(name));
  return uri === null ? null : serviceOfUri(uri);
}

export const massTransitFault: DeadLetterFormat = {
  markers: ["mt-fault-exceptiontype", "mt-fault-message", "mt-fault-inputaddress"],
  failureHeaders: ["mt-reason", "mt-fault-*"],
  read: (headers) => ({
    format: "masstransit",
    originalTopic: uriName(headers, "mt-fault-inputaddress"),
    exceptionClass: labelOf(headers.last("mt-fault-exceptiontype")),
    message: messageOf(headers.last("mt-fault-message")),
    stack: stackOf(headers.last("mt-fault-stacktrace")),
    attempt: smallIntegerOf(headers.last("mt-fault-retrycount"), "text"),
    stage: labelOf(headers.last("mt-fault-consumertype")),
  }),
};

/** Rebus. The error details are the printed exceptions. */
export const rebusFault: DeadLetterFormat = {
  markers: ["rbs2-error-details"],
  failureHeaders: ["rbs2-error-details", "rbs2-source-queue", "rbs2-delivery-count"],
  read(headers) {
    const details = stackOf(headers.last("rbs2-error-details"));
    const queue = queueOf(labelOf(headers.last("rbs2-source-queue")));
    const split = details === null ? null : splitException(details);
    return {
      format: "rebus",
      originalTopic: queue,
      consumerGroup: queue,
      exceptionClass: split?.exceptionClass ?? null,
      message: split?.message ?? null,
      stack: details,
      attempt: smallIntegerOf(headers.last("rbs2-delivery-count"), "text"),
    };
  },
};

/** DotNetCore.CAP writes "ExceptionType-->message". */
export const capFault: DeadLetterFormat = {
  markers: ["cap-exception"],
  failureHeaders: ["cap-exception"],
  read(headers) {
    const [type, ...rest] = (messageOf(headers.last("cap-exception")) ?? "").split("-->");
    const named = rest.length > 0;
    return {
      format: "cap",
      originalTopic: labelOf(headers.last("cap-msg-name")),
      consumerGroup: labelOf(headers.last("cap-msg-group")),
      exceptionClass: named ? type?.trim() || null : null,
      message: (named ? rest.join("-->") : (type ?? "")).trim() || null,
    };
  },
};
