/** Asks one broker, over and over, for what is new in the partitions that it leads. */
import { setTimeout as sleep } from "node:timers/promises";
import { BrokerFault } from "../../ports/errors.ts";
import type { BrokerAddress, Requests } from "../inspect-requests.ts";
import type { FetchApi, FetchedPartition, FetchRequest } from "./fetch-api.ts";
import { kafkaErrorOfCode } from "../protocol-error.ts";
import { fetchKey, FetchSession } from "./fetch-session.ts";
import type { ReadingPartition } from "./reading-partition.ts";

/** A broker without news answers after this time. It is also the longest that a new partition waits for its turn. */
const MAX_WAIT_MS = 250;
const MAX_BYTES = 4 * 1024 * 1024;
/**
 * Where little comes at a time, an answer for each record would cost the broker and the tap more than the record: what
 * comes within this time is fetched at once.
 */
const LINGER_MS = 40;
const LITTLE_BYTES = 64 * 1024;

export interface BrokerFetcherOptions {
  readonly broker: BrokerAddress;
  readonly requests: Requests;
  readonly api: FetchApi;
  readonly isolation: FetchRequest["isolation"];
  /** takes what was fetched; the promise is the back-pressure */
  readonly onFetched: (partition: ReadingPartition, fetched: FetchedPartition) => Promise<void>;
  /** the broker gives no answer, or none that can be taken: nothing of these is read since then */
  readonly onFault: (partitions: readonly ReadingPartition[], error: Error, sinceMs: number) => void;
}

export class BrokerFetcher {
  readonly #options: BrokerFetcherOptions;
  readonly #session = new FetchSession();
  /** by the keys that answers name them by */
  readonly #partitions = new Map<string, ReadingPartition>();
  #wake = Promise.withResolvers<void>();
  #closed = false;
  readonly #running: Promise<void>;

  constructor(options: BrokerFetcherOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** The id of its topic is known. */
  add(partition: ReadingPartition): void {
    this.#partitions.set(partition.wanted(this.#options.api.isById).key, partition);
    this.#wake.resolve();
  }

  remove(partition: ReadingPartition): void {
    const { key } = partition.wanted(this.#options.api.isById);
    if (this.#partitions.get(key) === partition) this.#partitions.delete(key);
  }

  /** Resolves when nothing is asked or taken any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#wake.resolve();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      if (this.#partitions.size > 0) {
        const bytes = await this.#fetch();
        if (bytes > 0 && bytes < LITTLE_BYTES) await sleep(LINGER_MS);
      } else {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
      }
    }
  }

  /** Answers how many bytes of records came. */
  async #fetch(): Promise<number> {
    const { broker, requests, api, isolation, onFetched, onFault } = this.#options;
    const askedMs = Date.now();
    let bytes = 0;
    try {
      const limits = { maxWaitMs: MAX_WAIT_MS, minBytes: 1, maxBytes: MAX_BYTES, isolation };
      const session = this.#session.request(
        Array.from(this.#partitions.values(), (partition) => partition.wanted(api.isById)),
      );
      const answer = await requests.toBroker(broker, api, { ...limits, ...session });
      if (!this.#session.answered(answer)) {
        if (session.sessionEpoch !== 0) return 0;
        const { apiId, message } = kafkaErrorOfCode(answer.errorCode);
        throw new BrokerFault(
          { kind: "refused" },
          `broker ${broker.nodeId} opens no fetch session: ${apiId} (${message})`,
        );
      }
      for (const { topic, partitions } of answer.topics) {
        for (const fetched of partitions) {
          const key = fetchKey(topic, fetched.partition);
          const partition = this.#partitions.get(key);
          // It may have been taken away meanwhile, or sent to another offset.
          if (partition === undefined || partition.fetchFrom !== this.#session.askedFrom(key)) continue;
          bytes += fetched.records.length;
          await onFetched(partition, fetched);
          if (this.#closed) return bytes;
        }
      }
    } catch (error) {
      this.#session.reset();
      const all = [...this.#partitions.values()];
      this.#partitions.clear();
      onFault(all, error instanceof Error ? error : new Error(String(error)), askedMs);
    }
    return bytes;
  }
}
