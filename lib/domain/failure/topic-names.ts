// Conventional endings: orders-dlt, orders.DLT, orders-dlt-2, orders_dlq, orders.dead-letter, orders-dead-letters.
const DEAD_LETTER = /(?:^|[._-])(?:dlt|dlq|dead[._-]?letters?)(?:[._-]\d{1,9})?$/i;
// orders-retry, orders-retry-0, orders-retry-5000, orders_retry_5000.
const RETRY = /(?:^|[._-])retry(?:[._-]|$)/i;

/** Whether a topic's name has a usual ending of dead-letter topics. */
export const isDeadLetterName = (topic: string): boolean => DEAD_LETTER.test(topic);

/** Whether a topic's name is one of a retry topic, whose records wait to be tried again. */
export const isRetryName = (topic: string): boolean => RETRY.test(topic) && !DEAD_LETTER.test(topic);

export const isRetryOrDeadLetterName = (topic: string): boolean => RETRY.test(topic) || DEAD_LETTER.test(topic);

/** The name without its dead-letter ending ("orders-dlt" → "orders"); null if nothing is left. */
export const sourceByName = (topic: string): string | null => topic.replace(DEAD_LETTER, "") || null;
