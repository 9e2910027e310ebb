// How teams name dead-letter topics: orders-dlt, orders.DLQ.2, ordersDLQ, orders_dead_letter_queue, dlq-orders,
// DeadLetter.orders, orders.dlq.v1. Not: deadline, dlqueen, dlq-alerts.

const QUEUE = "(?:[._-]?(?:queue|topic)s?)?(?:[._-]?\\d{1,9})?";
/** The word stands for itself between separators, in any case. */
const SEPARATE = new RegExp(`(?<=^|[._-])(?:dead[._-]?letters?|dlqs?|dlts?)${QUEUE}(?=$|[._-])`, "i");
/** The word begins with a capital letter in camel case. */
const CAMEL = new RegExp(
  `(?<=^|[._-]|[a-z0-9])(?:Dead_?[Ll]etters?|DEAD_?LETTERS?|DLQs?|DLTs?|Dlqs?|Dlts?)` +
    `(?:Queues?|Topics?|QUEUE|TOPIC)?(?:\\d{1,9})?(?=$|[._-]|[A-Z][a-z]|[A-Z]\\d)`,
);
/** The word stands at the end without anything between. No other word ends like that. */
const JOINED = /(?<=[a-z0-9])(?:dlq|deadletters?|deadletterqueue)$/;
/** What is about dead letters and holds none. */
const ABOUT = new RegExp(
  "^[._-]?(?:alerts?|alarms?|metrics?|monitor(?:ing)?|stats|statistics|reports?|dashboards?|notifications?|commands?|" +
    "config|audit|retry|retries|redrives?|replays?|reprocess(?:ing)?)(?=$|[._-]|[A-Z])",
  "i",
);
/** DLT is a distributed ledger, too: it must stand at the end, or before a version. */
const LEDGER = /^dlts?/i;
const VERSION = /^(?:[._-]?v?\d{1,9})*$/i;
// orders-retry, orders-retry-0, orders-retry-5000, orders_retry_5000.
const RETRY = /(?:^|[._-])retry(?:[._-]|$)/i;

/** Where in the name its word for dead letters is; null: it has none. */
function wordIn(topic: string): { readonly from: number; readonly to: number } | null {
  for (const pattern of [SEPARATE, CAMEL, JOINED]) {
    const found = pattern.exec(topic);
    if (found === null) continue;
    const to = found.index + found[0].length;
    const after = topic.slice(to);
    if (ABOUT.test(after) || (LEDGER.test(found[0]) && !VERSION.test(after))) continue;
    return { from: found.index, to };
  }
  return null;
}

/** Whether a topic's name is one that teams give to dead-letter topics. */
export const isDeadLetterName = (topic: string): boolean => wordIn(topic) !== null;

/** Whether a topic's name is one of a retry topic, whose records wait to be tried again. */
export const isRetryName = (topic: string): boolean => RETRY.test(topic) && !isDeadLetterName(topic);

export const isRetryOrDeadLetterName = (topic: string): boolean => RETRY.test(topic) || isDeadLetterName(topic);

/** The name without its word for dead letters ("orders-dlt" → "orders"); null if nothing is left. */
export function sourceByName(topic: string): string | null {
  const word = wordIn(topic);
  if (word === null) return topic || null;
  const before = topic.slice(0, word.from);
  const after = topic.slice(word.to);
  // One of the two separators goes with the word.
  const rest = after === "" || before === "" ? before + after : before + after.replace(/^[._-]/, "");
  return (after === "" ? rest.replace(/[._-]$/, "") : rest.replace(/^[._-]/, "")) || null;
}
