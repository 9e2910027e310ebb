/** One exchange that is read from its tap stream: where reading is, what lies in memory, and since when it fails. */
import type { AssignedPartition, LogPosition, LogRecord } from "../ports/log-source.ts";
import { GoneBindings } from "./bindings.ts";
import type { ConsumeMessage } from "./connect.ts";
import { toRecord } from "./record.ts";
import type { StreamConsumer } from "./stream-consumer.ts";

/** Handed over at once. */
const BATCH_RECORDS = 1000;
/** Messages may have up to 16 MiB: so much lies in memory before the broker is told to stop. */
const MOST_BYTES = 32 * 1024 * 1024;
/** What the broker sends ahead: few messages, until it is known how large they are. */
const PREFETCH = { least: 20, most: 2000, bytes: 8 * 1024 * 1024 } as const;
const RETRY_MS = { first: 500, most: 5000 } as const;

interface Waiting {
  readonly message: ConsumeMessage;
  readonly readAtMs: number;
  readonly offset: bigint;
  readonly bytes: number;
}

export class ExchangeReading {
  readonly assigned: AssignedPartition;
  readonly exchange: string;
  /** bindings of the tap that nobody else seems to have any more */
  readonly gone = new GoneBindings();
  consumer: StreamConsumer | null = null;
  isOpening = false;
  isDraining = false;
  /** counts the seeks: what was handed over before one no longer moves the position */
  seeks = 0;
  /** counts the consumers: what one of them brings is nothing to the next */
  run = 0;
  retryAtMs = 0;
  /** null: not known, to be asked for */
  position: bigint | null = null;
  prefetch: number = PREFETCH.least;
  failingSinceMs: number | null = null;
  failures = 0;
  hasBeenRead = false;
  /** so much lies in memory that its consumer was ended */
  isFull = false;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #averageBytes = 0;

  constructor(assigned: AssignedPartition, exchange: string) {
    this.assigned = assigned;
    this.exchange = exchange;
  }

  seek(position: LogPosition): void {
    this.seeks++;
    this.run++;
    this.position = position.offset;
    this.clear();
  }

  clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
    this.isFull = false;
  }

  add(message: ConsumeMessage, offset: bigint): void {
    const bytes = message.content.length + 500;
    this.#waiting.push({ message, readAtMs: Date.now(), offset, bytes });
    this.#bytes += bytes;
    this.#averageBytes = this.#averageBytes === 0 ? bytes : 0.95 * this.#averageBytes + 0.05 * bytes;
    this.isFull ||= this.#bytes >= MOST_BYTES;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** The offset of the next message that waits. */
  get next(): bigint | undefined {
    return this.#waiting[0]?.offset;
  }

  /** Takes a batch out of what waits; `isOurs`: whether a message counts for this exchange. */
  take(isOurs: (message: ConsumeMessage) => boolean): {
    readonly last: Waiting;
    readonly records: readonly LogRecord[];
  } | null {
    const taken = this.#waiting.splice(0, BATCH_RECORDS);
    const last = taken.at(-1);
    if (last === undefined) return null;
    for (const { bytes } of taken) this.#bytes -= bytes;
    const records = taken.flatMap(({ message, offset, readAtMs }) =>
      isOurs(message) ? [toRecord(message, offset, readAtMs)] : [],
    );
    return { last, records };
  }

  /** What the broker should send ahead, by the size of what came so far; null: about as much as it does. */
  betterPrefetch(): number | null {
    if (this.isFull) return Math.max(PREFETCH.least, Math.floor(this.prefetch / 4));
    if (this.#averageBytes === 0) return null;
    const wanted = Math.round(PREFETCH.bytes / this.#averageBytes);
    const next = Math.max(PREFETCH.least, Math.min(PREFETCH.most, wanted));
    return next > this.prefetch * 2 || next < this.prefetch / 2 ? next : null;
  }

  onFault(nowMs: number): { readonly failures: number; readonly lastingMs: number } {
    this.failingSinceMs ??= nowMs;
    this.failures++;
    this.consumer = null;
    this.clear();
    this.gone.clear();
    this.retryAtMs = nowMs + Math.min(RETRY_MS.most, RETRY_MS.first * 2 ** Math.min(this.failures - 1, 10));
    return { failures: this.failures, lastingMs: nowMs - this.failingSinceMs };
  }

  onRead(): void {
    this.failingSinceMs = null;
    this.failures = 0;
    this.hasBeenRead = true;
  }
}
