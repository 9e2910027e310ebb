/**
 * What a tap knows of the producers of one cluster: which service each of them names. Collected from flush to flush,
 * written a little later and in a statement of its own, so that no flush waits for it: two taps that read partitions of
 * one producer would otherwise wait for each other's rows.
 */
import type pg from "pg";
import { writeProducers, type ProducerGroup, type ProducerWritten } from "#lib/store/publishers/producers-write.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { ProducerTotal } from "./producer-totals.ts";

/** Every further failure in a row doubles the first. */
const WRITE_AFTER_MS = { first: 250, most: 10_000 } as const;
/** waiting to be written, while Postgres does not answer; what comes beyond is dropped */
const MAX_WAITING = 20_000;
const REPORT_EVERY_MS = 60_000;
/** whose service is remembered; any may be forgotten, and is learnt again with what it writes next */
const MAX_REMEMBERED = 50_000;

export class KnownProducers {
  readonly #pool: pg.Pool;
  readonly #clusterId: number;
  readonly #log: Logger;
  readonly #onDropped: (entries: number) => void;
  readonly #services = new Map<bigint, number | null>();
  readonly #written = new Map<string, ProducerTotal>();
  readonly #groups = new Map<string, ProducerGroup>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #failures = 0;
  /** since it was last reported */
  #dropped = 0;
  #reportedAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  /** `onDropped`: counts what will never be written, because too much waits. */
  constructor(pool: pg.Pool, clusterId: number, log: Logger, onDropped: (entries: number) => void = () => undefined) {
    this.#onDropped = onDropped;
    this.#pool = pool;
    this.#clusterId = clusterId;
    this.#log = log;
  }

  /** The one service that this producer's records name; null: none, several, or not known. */
  serviceOf(producerId: bigint): number | null {
    return this.#services.get(producerId) ?? null;
  }

  /** Adds what a committed flush has stored. `dropped`: what it had beyond that, and has not counted itself. */
  addWritten(totals: readonly ProducerTotal[], dropped = 0): void {
    const now = Date.now();
    let beyond = dropped;
    for (const total of totals) {
      // A record may bear any time, also one to come.
      total.firstAtMs = Math.min(total.firstAtMs, now);
      total.lastAtMs = Math.min(total.lastAtMs, now);
      const key = `${total.producerId} ${total.destinationId}`;
      const known = this.#written.get(key);
      if (known !== undefined) merge(known, total);
      else if (this.#written.size < MAX_WAITING) this.#written.set(key, { ...total });
      else beyond++;
    }
    this.#drop(beyond);
    this.#schedule();
  }

  /** Adds which groups' offsets were committed in transactions, and by which producers. */
  addGroups(groups: readonly ProducerGroup[]): void {
    let beyond = 0;
    for (const one of groups) {
      const key = `${one.producerId} ${one.groupId}`;
      if (this.#groups.has(key) || this.#groups.size < MAX_WAITING) this.#groups.set(key, one);
      else beyond++;
    }
    this.#drop(beyond);
    this.#schedule();
  }

  /** Resolves when nothing is written any more: what waits is written first, unless Postgres has failed lately. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#writing;
    if (this.#failures === 0 && this.#hasWaiting) await this.#write();
  }

  get #hasWaiting(): boolean {
    return this.#written.size > 0 || this.#groups.size > 0;
  }

  #drop(entries: number): void {
    if (entries === 0) return;
    this.#onDropped(entries);
    this.#dropped += entries;
    const now = performance.now();
    if (now - this.#reportedAtMs < REPORT_EVERY_MS) return;
    this.#log.warn({ dropped: this.#dropped }, "more producers than can wait to be stored: dropped");
    this.#reportedAtMs = now;
    this.#dropped = 0;
  }

  #schedule(): void {
    if (this.#closed || this.#writing !== null || !this.#hasWaiting) return;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = null;
        this.#writing = this.#write().finally(() => {
          this.#writing = null;
          this.#schedule();
        });
      },
      Math.min(WRITE_AFTER_MS.first * 2 ** this.#failures, WRITE_AFTER_MS.most),
    );
  }

  async #write(): Promise<void> {
    const written = [...this.#written.values()];
    const groups = [...this.#groups.values()];
    this.#written.clear();
    this.#groups.clear();
    try {
      this.#remember(await writeProducers(this.#pool, this.#clusterId, { written, groups }));
      this.#onWritten();
    } catch (error) {
      if (this.#failures++ === 0)
        this.#log.warn({ err: error }, "which producers wrote what could not be stored; trying again");
      this.addWritten(written);
      this.addGroups(groups);
    }
  }

  #onWritten(): void {
    if (this.#failures > 0) this.#log.info({ failures: this.#failures }, "which producers wrote what is stored again");
    this.#failures = 0;
  }

  #remember(producers: readonly ProducerWritten[]): void {
    if (this.#services.size + producers.length > MAX_REMEMBERED) this.#services.clear();
    for (const { producerId, serviceId } of producers) this.#services.set(producerId, serviceId);
  }
}

function merge(into: ProducerTotal, more: ProducerTotal): void {
  into.records += more.records;
  into.namedRecords += more.namedRecords;
  into.firstAtMs = Math.min(into.firstAtMs, more.firstAtMs);
  into.lastAtMs = Math.max(into.lastAtMs, more.lastAtMs);
  into.hasConflict ||=
    more.hasConflict || (into.serviceId !== null && more.serviceId !== null && into.serviceId !== more.serviceId);
  into.serviceId ??= more.serviceId;
}
