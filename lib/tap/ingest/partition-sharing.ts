/**
 * Which of a cluster's partitions this tap reads. Living taps share them by rendezvous hashing: each partition goes to
 * the tap with the highest hash of both, so that a tap that comes or goes moves no partition between the others.
 * Two taps may take a partition for theirs for a moment; the compare-and-set of the positions then stores each record
 * once. Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998.
 */
import type pg from "pg";
import type { AssignedPartition } from "#lib/brokers/ports/log-source.ts";
import { hash64 } from "#lib/domain/message/hash.ts";
import { endLease, renewLease } from "#lib/store/ingest/leases.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { pause } from "../leading.ts";

const RENEW_EVERY_MS = 1000;

/** The tap of these that a partition goes to. */
export function ownerOf({ topic, partition, generation }: AssignedPartition, taps: readonly number[]): number {
  let owner = -1;
  let highest = -1n;
  for (const tap of taps) {
    const hash = BigInt.asUintN(64, hash64(`${generation}/${topic}/${partition}/${tap}`));
    if (hash <= highest) continue;
    highest = hash;
    owner = tap;
  }
  return owner;
}

interface PartitionSharingOptions {
  readonly pool: pg.Pool;
  readonly clusterId: number;
  readonly tapId: number;
  readonly log: Logger;
  /** other taps have come or gone */
  readonly onChange: () => void;
}

export class PartitionSharing {
  readonly #options: PartitionSharingOptions;
  /** empty: this tap has no lease yet */
  #taps: readonly number[] = [];
  /** whether a partition is this tap's, among these taps */
  #isOurs = new WeakMap<AssignedPartition, boolean>();

  constructor(options: PartitionSharingOptions) {
    this.#options = options;
  }

  /** Those of them that this tap reads. */
  ours(partitions: readonly AssignedPartition[]): readonly AssignedPartition[] {
    if (this.#taps.length === 1) return partitions;
    return partitions.filter((partition) => {
      const known = this.#isOurs.get(partition);
      if (known !== undefined) return known;
      const isOurs = ownerOf(partition, this.#taps) === this.#options.tapId;
      this.#isOurs.set(partition, isOurs);
      return isOurs;
    });
  }

  /** Renews the lease until the signal is aborted, and then ends it when `done` resolves. */
  async run(signal: AbortSignal, done: () => Promise<void>): Promise<void> {
    const { pool, clusterId, tapId, log, onChange } = this.#options;
    let isNew = true;
    while (!signal.aborted) {
      try {
        const taps = await renewLease(pool, clusterId, tapId);
        // The others must see this one first, and stop reading what is to be its share.
        const mustWait = isNew && taps.length > 1;
        isNew = false;
        if (!mustWait && taps.join() !== this.#taps.join()) {
          if (taps.length > 1 || this.#taps.length > 1) log.info({ taps }, "partitions are shared among taps");
          this.#taps = taps;
          this.#isOurs = new WeakMap();
          onChange();
        }
      } catch (error) {
        // What is read goes on being read: the positions decide which tap's flush counts.
        log.warn({ err: error }, "the lease could not be renewed; trying again");
      }
      await pause(RENEW_EVERY_MS, signal);
    }
    await done();
    await endLease(pool, clusterId, tapId).catch((error: unknown) => log.debug({ err: error }, "the lease runs out"));
  }
}
