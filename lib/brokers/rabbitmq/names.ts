/**
 * How Flowtap calls what RabbitMQ has. An exchange and a queue may share a name, so that each destination's begins with
 * its kind.
 */
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { hash64Hex } from "#lib/domain/message/hash.ts";
import { isIncluded } from "#lib/domain/text/glob.ts";

const EXCHANGE = "exchange:";
const QUEUE = "queue:";
/** What begins so at the broker is Flowtap's own. */
const OURS = "flowtap.";
const TAP = `${OURS}tap.`;
const MOST_CHARS = 150;
const PLAIN_NAME = new RegExp(`^[\\w.-]{1,${MOST_CHARS}}$`);

export const destinationOfExchange = (exchange: string): string => EXCHANGE + exchange;
export const destinationOfQueue = (queue: string): string => QUEUE + queue;
/** null: the destination is no exchange */
export const exchangeOf = (destination: string): string | null =>
  destination.startsWith(EXCHANGE) ? destination.slice(EXCHANGE.length) : null;
/** null: the destination is no queue */
export const queueOf = (destination: string): string | null =>
  destination.startsWith(QUEUE) ? destination.slice(QUEUE.length) : null;

/**
 * The stream in which the broker keeps, for Flowtap, what is published to an exchange. Streams with other characters in
 * their names do not always come back after a restart (seen with RabbitMQ 4.0.5), and names have an end.
 */
export const tapStreamOf = (exchange: string): string =>
  PLAIN_NAME.test(exchange)
    ? TAP + exchange
    : `${TAP}${exchange.replaceAll(/[^\w.-]+/g, "_").slice(0, MOST_CHARS)}~${hash64Hex(exchange)}`;
export const isOurs = (name: string): boolean => name.startsWith(OURS);

/**
 * What these types do to a message does not depend on how many queues are bound, so that one queue more changes
 * nothing. Others share messages out among the queues: a tap would take its share.
 */
const TAPPABLE_TYPES: ReadonlySet<string> = new Set(["direct", "topic", "fanout", "headers"]);

/** Whether what goes through an exchange can be read at all. The default exchange takes no bindings. */
export const canBeTapped = ({ name, type }: { readonly name: string; readonly type: string }): boolean =>
  name !== "" && TAPPABLE_TYPES.has(type);

/** Whether the configuration wants it to be read. */
export const isWanted = ({ topics }: Pick<RabbitClusterConfig, "topics">, name: string): boolean =>
  isIncluded(topics, destinationOfExchange(name));
