/**
 * Keeps the states in step with the database. Of hundreds of thousands of group partitions few change between two
 * cycles: only groups of which one may have changed are read again.
 */
import type pg from "pg";
import { readCommittedGroups, readHorizon } from "#lib/store/groups/commits-read.ts";
import { readGroupsThere, readPartitionStates } from "#lib/store/groups/states-read.ts";
import type { PartitionStates } from "./partition-states.ts";

/** A change that nothing announces, such as a removed commit, is found this late. */
const ALL_EVERY_MS = 30_000;

export class StateReader {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #states: PartitionStates;
  #horizon: bigint | null = null;
  #allReadAtMs = -Infinity;
  /** the groups of the last refresh: a group that comes back may have committed long before */
  #present: ReadonlySet<number> = new Set();

  constructor(client: pg.Client, clusterId: number, states: PartitionStates) {
    this.#client = client;
    this.#clusterId = clusterId;
    this.#states = states;
  }

  /**
   * `groups`: those that exist now, by id. `reassigned`: those whose assignments were written since the last refresh.
   * Answers the horizon after it: all commits of transactions below that can be read now.
   */
  async refresh(groups: ReadonlyMap<number, unknown>, reassigned: ReadonlySet<number>, nowMs: number): Promise<bigint> {
    // Read before the rows are: a commit that is not visible yet belongs to this transaction or to a later one.
    const horizon = await readHorizon(this.#client);
    const changed =
      this.#horizon === null || nowMs - this.#allReadAtMs >= ALL_EVERY_MS
        ? null
        : await this.#changed(this.#horizon, groups, reassigned);
    this.#states.beginRead();
    await readPartitionStates(
      this.#client,
      this.#clusterId,
      changed ?? (await readGroupsThere(this.#client, this.#clusterId)),
      (row) => this.#states.put(row),
    );
    this.#states.endRead(changed ?? undefined);
    if (changed === null) this.#allReadAtMs = nowMs;
    this.#horizon = horizon;
    this.#present = new Set(groups.keys());
    return readHorizon(this.#client);
  }

  async #changed(
    horizon: bigint,
    groups: ReadonlyMap<number, unknown>,
    reassigned: ReadonlySet<number>,
  ): Promise<number[]> {
    const returned = [...groups.keys()].filter((groupId) => !this.#present.has(groupId));
    return [...new Set([...reassigned, ...returned, ...(await readCommittedGroups(this.#client, horizon))])];
  }
}
