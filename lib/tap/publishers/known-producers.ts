/**
 * What a tap knows of the producers of one cluster: which service each of them names. Collected from flush to flush,
 * written a little later and in a statement of its own, so that no flush waits for it: two taps that read partitions of
 * one producer would otherwise wait for each other's rows.
 */
import type pg from "pg";
import { writeProducers, type ProducerGroup, type ProducerWritten } from "#lib/store/publishers/producers-write.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { ProducerTotal } from "./producer-totals.ts";

const WRITE_AFTER_MS = 250;
/** waiting to be written, while Postgres does not answer; what comes beyond is not counted */
const MAX_WAITING = 20_000;
/** whose service is remembered; any may be forgotten, and is learnt again with what it writes next */
const MAX_REMEMBERED = 50_000;

export class KnownProducers {
  readonly #pool: pg.Pool;
  readonly #clusterId: number;
  readonly #log: Logger;
  readonly #services = new Map<bigint, number | null>();
  readonly #written = new Map<string, ProducerTotal>();
  readonly #groups = new Map<string, ProducerGroup>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;
  #closed = false;

  constructor(pool: pg.Pool, clusterId: number, log: Logger) {
    this.#pool = pool;
    this.#clusterId = clusterId;
    this.#log = log;
  }

  /** The one service that this producer's records name; null: none, several, or not known. */
  serviceOf(producerId: bigint): number | null {
    return this.#services.get(producerId) ?? null;
  }

  /** Adds what a committed flush has stored. */
  addWritten(totals: readonly ProducerTotal[]): void {
    const now = Date.now();
    for (const total of totals) {
      // A record may bear any time, also one to come.
      total.firstAtMs = Math.min(total.firstAtMs, now);
      total.lastAtMs = Math.min(total.lastAtMs, now);
      const key = `${total.producerId} ${total.destinationId}`;
      const known = this.#written.get(key);
      if (known !== undefined) merge(known, total);
      else if (this.#written.size < MAX_WAITING) this.#written.set(key, { ...total });
    }
    this.#schedule();
  }

  /** Adds which groups' offsets were committed in transactions, and by which producers. */
  addGroups(groups: readonly ProducerGroup[]): void {
    for (const one of groups)
      if (this.#groups.size < MAX_WAITING) this.#groups.set(`${one.producerId} ${one.groupId}`, one);
    this.#schedule();
  }

  /** Resolves when nothing is written any more. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#writing;
  }

  #schedule(): void {
    if (this.#closed || this.#writing !== null || (this.#written.size === 0 && this.#groups.size === 0)) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#writing = this.#write().finally(() => {
        this.#writing = null;
        this.#schedule();
      });
    }, WRITE_AFTER_MS);
  }

  async #write(): Promise<void> {
    const written = [...this.#written.values()];
    const groups = [...this.#groups.values()];
    this.#written.clear();
    this.#groups.clear();
    try {
      this.#remember(await writeProducers(this.#pool, this.#clusterId, { written, groups }));
    } catch (error) {
      this.#log.warn({ err: error }, "which producers wrote what could not be stored; trying again");
      this.addWritten(written);
      this.addGroups(groups);
    }
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
