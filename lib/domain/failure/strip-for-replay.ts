import type { Headers } from "../message/headers.ts";

// Headers that tell of a failure. Sent again with them, an event would look dead at once, and the next failure
// would be told twice.
const PREFIXES = [
  "kafka_dlt-",
  "kafka_original-",
  "kafka_exception-",
  "kafka_key-exception-",
  "retry_topic-",
  "springdeserializerexception",
  "x-original-",
  "x-exception-",
  "__connect.errors.",
  "__streams.errors.",
  "dead-letter-",
  "delayed-retry-",
  "deserialization-failure-",
  "mt-fault-",
  "nservicebus.retries",
  "nservicebus.exceptioninfo.",
  "x-first-death-",
  "x-last-death-",
  "cloudpubsubdeadlettersource",
  // Our own, of a replay before this one, and of a skipped event's copy.
  "flowtap-replay-",
  "flowtap-skip",
];

const NAMES = new Set([
  "mt-reason",
  "nservicebus.failedq",
  "nservicebus.timeoffailure",
  "nservicebus.flretries",
  "x-death",
  "x-opt-deaths",
  "deadletterqueuesourcearn",
  "reason_poisoned",
  "topic_poisoned",
  "handler_poisoned",
  "subscriber_poisoned",
  "flowtap-target-group",
  "flowtap-edited",
  "rbs2-error-details",
  "rbs2-source-queue",
  "rbs2-delivery-count",
  "cap-exception",
]);

/** Karafka's are common words: they go only where they stand together. */
function karafkaNames(headers: Headers): ReadonlySet<string> {
  const present = new Set(headers.map(([name]) => name.toLowerCase()));
  const prefixes = ["original_", "source_"].filter(
    (prefix) => present.has(`${prefix}topic`) && present.has(`${prefix}offset`),
  );
  return new Set(
    prefixes.flatMap((prefix) =>
      ["topic", "partition", "offset", "consumer_group", "key", "attempts"].map((field) => prefix + field),
    ),
  );
}

/**
 * The headers an event is sent again with: without those of its failure; everything else, trace headers above
 * all, in its order.
 */
export function stripForReplay(headers: Headers): Headers {
  const karafka = karafkaNames(headers);
  return headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !NAMES.has(lower) && !karafka.has(lower) && !PREFIXES.some((prefix) => lower.startsWith(prefix));
  });
}
