/** Where the tap streams begin and end. The management API tells how many messages a stream holds, not which. */
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import { faultOnConnection, keepConnection, type KeptConnection } from "./connect.ts";
import type { QueueRow } from "./management.ts";
import { tapStreamOf } from "./names.ts";
import { streamOffsetOf } from "./record.ts";
import { consumeStream } from "./stream-consumer.ts";

/** Retention moves the begin of a stream; it is asked for again when the stream has become shorter, or after this. */
const ASK_AGAIN_MS = 60_000;
const ANSWER_WITHIN_MS = 5000;

interface Begin {
  readonly first: bigint;
  readonly messages: number;
  readonly atMs: number;
}

export class StreamEnds {
  readonly #cluster: RabbitClusterConfig;
  readonly #connection: KeptConnection;
  readonly #begins = new Map<string, Begin>();

  constructor(cluster: RabbitClusterConfig) {
    this.#cluster = cluster;
    this.#connection = keepConnection(cluster, "inspector");
  }

  /**
   * `stream`: as it was last listed; undefined: it is not there yet. null: not counted yet. Rejects with a BrokerFault.
   */
  async of(
    exchange: string,
    stream: QueueRow | undefined,
  ): Promise<{ readonly first: bigint; readonly end: bigint } | null> {
    if (stream === undefined) return { first: 0n, end: 0n };
    const { messages } = stream;
    if (messages === null) return null;
    if (messages === 0) {
      const known = this.#begins.get(exchange);
      const at = known === undefined ? 0n : known.first + BigInt(known.messages);
      return { first: at, end: at };
    }
    let begin = this.#begins.get(exchange);
    if (begin === undefined || messages < begin.messages || Date.now() - begin.atMs > ASK_AGAIN_MS)
      begin = { first: await this.#firstOf(exchange), messages, atMs: Date.now() };
    this.#begins.set(exchange, { ...begin, messages });
    return { first: begin.first, end: begin.first + BigInt(messages) };
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #firstOf(exchange: string): Promise<bigint> {
    try {
      const connection = await this.#connection.open();
      const first = Promise.withResolvers<bigint>();
      const timer = setTimeout(() => first.reject(new Error("no answer")), ANSWER_WITHIN_MS);
      const consumer = await consumeStream({
        connection,
        stream: tapStreamOf(exchange),
        from: "first",
        prefetch: 1,
        onMessage: (message) => first.resolve(streamOffsetOf(message) ?? 0n),
        onEnd: first.reject,
      });
      try {
        return await first.promise;
      } finally {
        clearTimeout(timer);
        await consumer.close();
      }
    } catch (error) {
      throw faultOnConnection(error, this.#cluster);
    }
  }
}
