import type { HeaderIndex } from "../../message/headers.ts";
import { smallIntegerOf } from "../../message/integers.ts";
import { serviceOfUri } from "../../message/names.ts";
import { labelOf, messageOf, splitException, stackOf } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

const queueOf = (address: string | null): string | null => (address === null ? null : address.split("@", 1)[0] || null);

/**
 * NServiceBus: the failed queue is its endpoint's, which is who consumes it. StackTrace is exception.ToString(),
 * message included.
 */
export const nServiceBusFault: DeadLetterFormat = {
  markers: ["nservicebus.failedq", "nservicebus.exceptioninfo.exceptiontype"],
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

/** Rebus: its details are the exceptions as printed. */
export const rebusFault: DeadLetterFormat = {
  markers: ["rbs2-error-details"],
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
