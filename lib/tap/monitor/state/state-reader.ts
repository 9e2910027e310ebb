/**
 * Keeps the places as the database has them. Of hundreds of thousands few change between two looks, so only groups are
 * read again of which some may have.
 */
import type pg from "pg";
import {
  readCommittedGroups,
  readGroupsThere,
  readHorizon,
  readPartitionStates,
} from "#lib/store/groups/states-read.ts";
import type { PartitionStates } from "./partition-states.ts";

/** What nobody tells of, as a commit that was removed, is found this late. */
const ALL_EVERY_MS = 30_000;

export class StateReader {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #places: PartitionStates;
  #horizon: bigint | null = null;
  #allReadAtMs = -Infinity;
  /** the groups there were at the last refresh: one that has come back may have committed long before */
  #there: ReadonlySet<number> = new Set();

  constructor(client: pg.Client, clusterId: number, places: PartitionStates) {
    this.#client = client;
    this.#clusterId = clusterId;
    this.#places = places;
  }

  /**
   * `groups`: those that are there, by id. `reassigned`: those whose members' partitions were written since
   * the last refresh.
   */
  async refresh(groups: ReadonlyMap<number, unknown>, reassigned: ReadonlySet<number>, nowMs: number): Promise<void> {
    // Asked before anything is read: what cannot be seen yet comes with this transaction or a later one.
    const horizon = await readHorizon(this.#client);
    const changed =
      this.#horizon === null || nowMs - this.#allReadAtMs >= ALL_EVERY_MS
        ? null
        : await this.#changed(this.#horizon, groups, reassigned);
    this.#places.beginRead();
    await readPartitionStates(
      this.#client,
      this.#clusterId,
      changed ?? (await readGroupsThere(this.#client, this.#clusterId)),
      (row) => this.#places.put(row),
    );
    this.#places.endRead(changed ?? undefined);
    if (changed === null) this.#allReadAtMs = nowMs;
    this.#horizon = horizon;
    this.#there = new Set(groups.keys());
  }

  async #changed(
    horizon: bigint,
    groups: ReadonlyMap<number, unknown>,
    reassigned: ReadonlySet<number>,
  ): Promise<number[]> {
    const returned = [...groups.keys()].filter((groupId) => !this.#there.has(groupId));
    return [...new Set([...reassigned, ...returned, ...(await readCommittedGroups(this.#client, horizon))])];
  }
}
