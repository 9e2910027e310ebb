/** Reads the commits of groups from the database into the states, and finds those that jumped. */
import type pg from "pg";
import { endOffsetAt } from "#lib/domain/health/log/time-lag.ts";
import {
  areCommitsFewerThan,
  readAllCommits,
  readCommitsSince,
  readLastCommits,
  type StoredCommit,
} from "#lib/store/groups/commits-read.ts";
import type { GroupPartitionRef } from "../../group-partition.ts";
import type { PartitionJump } from "./jumps.ts";
import { destinationPartitionKey, type LogEnds } from "./log-ends.ts";
import { applyCommit } from "./partition-state.ts";
import type { PartitionStates } from "./partition-states.ts";

const COMMITS_TO_REBUILD_FROM = 30;
const PARTITIONS_PER_READ = 500;
/** for each partition */
const FEW_COMMITS = 4;

export class CommitReader {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #states: PartitionStates;
  readonly #ends: LogEnds;
  /** commits below this transaction id were read */
  #horizon: bigint | null = null;

  constructor(client: pg.Client, clusterId: number, states: PartitionStates, ends: LogEnds) {
    this.#client = client;
    this.#clusterId = clusterId;
    this.#states = states;
    this.#ends = ends;
  }

  /**
   * Reads the commits since the last call, up to the horizon; at the first call the last commits of every group
   * partition, from which the rings are rebuilt. Answers those that jumped.
   */
  async read(upTo: bigint): Promise<PartitionJump[]> {
    const jumps: PartitionJump[] = [];
    const batches =
      this.#horizon === null
        ? await this.#firstCommits(upTo)
        : readCommitsSince(this.#client, this.#clusterId, this.#horizon, upTo);
    for await (const commits of batches) jumps.push(...applyCommits(this.#states, this.#ends, commits));
    this.#horizon = upTo;
    return jumps;
  }

  /** Where few commits are remembered for each, as after the first start, reading them all takes a fraction. */
  async #firstCommits(upTo: bigint): Promise<AsyncGenerator<StoredCommit[]>> {
    const partitions = this.#states.size;
    const areFew = await areCommitsFewerThan(this.#client, FEW_COMMITS * partitions + 1);
    return areFew ? readAllCommits(this.#client, this.#clusterId, upTo) : this.#lastCommits();
  }

  /** Some group partitions at a time: their last commits are many times as many. */
  async *#lastCommits(): AsyncGenerator<StoredCommit[]> {
    let refs: GroupPartitionRef[] = [];
    for (const ref of this.#states.refs()) {
      refs.push(ref);
      if (refs.length < PARTITIONS_PER_READ) continue;
      yield await readLastCommits(this.#client, refs, COMMITS_TO_REBUILD_FROM);
      refs = [];
    }
    yield await readLastCommits(this.#client, refs, COMMITS_TO_REBUILD_FROM);
  }
}

/**
 * Applies commits in their order; answers those that jumped. Where the log ended at the time of an old commit is not
 * known, unless the commit was at the end of the log as it is now.
 */
export function applyCommits(
  states: PartitionStates,
  ends: LogEnds,
  commits: readonly StoredCommit[],
): PartitionJump[] {
  const jumps: PartitionJump[] = [];
  for (const { groupId, destinationId, partition, offset, atMs } of commits) {
    const ref = { groupId, destinationId, partition };
    const samples = ends.samplesOf(destinationPartitionKey(destinationId, partition));
    const end = endOffsetAt(samples, atMs) ?? samples.at(-1)?.offset ?? null;
    const isKnown = end !== null && (end <= offset || atMs >= (samples[0]?.atMs ?? Infinity));
    const lagMessages = !isKnown ? null : end > offset ? end - offset : 0n;
    const jumped = states.update(ref, (state) => applyCommit(state, { offset, atMs, lagMessages })) ?? null;
    if (jumped !== null) jumps.push({ ...ref, kind: jumped.kind, ...jumped.jump });
  }
  return jumps;
}
