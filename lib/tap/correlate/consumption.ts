/**
 * Counts what groups consumed, each commit once: how far it moved its partition, and how long the events it
 * passed had waited.
 */
import type pg from "pg";
import { consumeLatencies } from "#lib/domain/correlation/consume-latency.ts";
import { readBeginnings } from "#lib/store/correlation/beginnings-read.ts";
import { readCommits, readLastCounted, type CommitToCount } from "#lib/store/correlation/commits-read.ts";
import { addConsumption, type ConsumeTotal } from "#lib/store/correlation/rollups-write.ts";
import { readStretches, type Stretch } from "#lib/store/correlation/stretches-read.ts";
import { cutAtTransaction, moveCursor, readCursor, readUpperBound } from "#lib/store/correlation/window.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import { addLatency, openSketch } from "#lib/store/db/sketch.ts";
import { groupPartitionKey } from "../group-partition.ts";
import { BUCKET_MS, bucketOf, RIPE_AFTER_MS, type Pass } from "./pass.ts";

const CURSOR = "consumption";
const COMMITS_PER_PASS = 20_000;
/** Enough for the partitions of one pass; for the others the last commit is read again. */
const REMEMBERED_PARTITIONS = 50_000;
const STRETCHES_PER_PARTITION = 200;
/** A group without an earlier commit began somewhere; events up to this old may have been its first. */
const BEGAN_WITHIN_MS = 30_000;
/** How long a group's first commit waits until the tap has stored the events it passed: they show where it began. */
const WAIT_FOR_EVENTS_MS = 20_000;

interface Move {
  readonly commit: CommitToCount;
  readonly from: bigint;
}

const partitionKey = (at: { readonly destinationId: number; readonly partition: number }): string =>
  `${at.destinationId}/${at.partition}`;

export class Consumption {
  readonly #client: pg.Client;
  /** what was last counted; good for as long as this process alone counts */
  readonly #counted = new Map<string, bigint>();

  constructor(client: pg.Client) {
    this.#client = client;
  }

  pass(): Promise<Pass> {
    return inTransaction(this.#client, () => this.#count());
  }

  async #count(): Promise<Pass> {
    const client = this.#client;
    const cursor = await readCursor(client, CURSOR);
    const upTo = await readUpperBound(client, "group_commits", cursor, RIPE_AFTER_MS);
    if (upTo <= cursor.xid) return { changed: false, isFull: false };
    const read = await readCommits(client, cursor, upTo, COMMITS_PER_PASS);
    const whole = cutAtTransaction(read, COMMITS_PER_PASS, upTo);
    const next = await this.#learnBefore(whole.rows, cursor.xid, whole.next);
    const commits = whole.rows.filter(({ xid }) => xid < next);
    const last = commits.at(-1);
    if (last !== undefined) await addConsumption(client, await this.#totalsOf(this.#movesOf(commits)));
    await moveCursor(client, CURSOR, { xid: next, storedAtMs: last?.storedAtMs ?? cursor.storedAtMs });
    return { changed: commits.length > 0, isFull: next === whole.next && next < upTo };
  }

  /**
   * Reads the last counted commit of each partition. Answers the transaction id up to which that is known: that of the
   * first commit whose events are not stored yet.
   */
  async #learnBefore(commits: readonly CommitToCount[], before: bigint, end: bigint): Promise<bigint> {
    if (this.#counted.size > REMEMBERED_PARTITIONS) this.#counted.clear();
    const unknown = commits.filter((commit) => !this.#counted.has(groupPartitionKey(commit)));
    const earliest = [...Map.groupBy(unknown, groupPartitionKey).values()].flatMap(([commit]) => commit ?? []);
    const counted = await readLastCounted(this.#client, earliest, before);
    const first = earliest.filter((_, i) => counted[i] === null);
    const beginnings = await readBeginnings(this.#client, first, {
      backMs: BEGAN_WITHIN_MS,
      waitMs: WAIT_FOR_EVENTS_MS,
    });
    const known = first.reduce(
      (least, { xid }, i) => (beginnings[i]?.isAhead === true && xid < least ? xid : least),
      end,
    );
    earliest.forEach((commit, i) => {
      const offset = counted[i];
      if (offset !== null && offset !== undefined) this.#counted.set(groupPartitionKey(commit), offset);
    });
    first.forEach((commit, i) => {
      if (commit.xid < known) this.#counted.set(groupPartitionKey(commit), beginnings[i]?.start ?? commit.offset);
    });
    return known;
  }

  /** The commits that moved their partition forward, each with where it moved from. Rewinds do not count. */
  #movesOf(commits: readonly CommitToCount[]): Move[] {
    const moves: Move[] = [];
    for (const commit of commits) {
      const key = groupPartitionKey(commit);
      const from = this.#counted.get(key) ?? commit.offset;
      if (commit.offset > from) moves.push({ commit, from });
      this.#counted.set(key, commit.offset);
    }
    return moves;
  }

  async #totalsOf(moves: readonly Move[]): Promise<ConsumeTotal[]> {
    const stretches = await this.#stretchesOf(moves);
    const totals = new Map<string, ConsumeTotal>();
    for (const { commit, from } of moves) {
      const bucketMs = bucketOf(commit.storedAtMs);
      const key = `${bucketMs / BUCKET_MS}/${commit.groupId}/${commit.destinationId}`;
      let total = totals.get(key);
      if (total === undefined)
        totals.set(
          key,
          (total = {
            bucketMs,
            groupId: commit.groupId,
            destinationId: commit.destinationId,
            consumed: 0n,
            errors: 0,
            latency: openSketch(),
          }),
        );
      total.consumed += commit.offset - from;
      for (const { ms, weight } of consumeLatencies(
        from,
        commit.offset,
        commit.committedAtMs,
        stretches.get(partitionKey(commit)) ?? [],
      ))
        addLatency(total.latency, ms, weight);
    }
    return [...totals.values()];
  }

  async #stretchesOf(moves: readonly Move[]): Promise<Map<string, Stretch[]>> {
    const ranges = new Map<string, { destinationId: number; partition: number; from: bigint; to: bigint }>();
    for (const { commit, from } of moves) {
      const key = partitionKey(commit);
      const range = ranges.get(key);
      if (range === undefined)
        ranges.set(key, { destinationId: commit.destinationId, partition: commit.partition, from, to: commit.offset });
      else {
        if (from < range.from) range.from = from;
        if (commit.offset > range.to) range.to = commit.offset;
      }
    }
    return Map.groupBy(await readStretches(this.#client, [...ranges.values()], STRETCHES_PER_PARTITION), partitionKey);
  }
}
