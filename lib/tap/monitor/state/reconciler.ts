/** The stage that brings what is remembered of groups and logs in step with a poll. */
import type pg from "pg";
import type { GroupEvent } from "#lib/domain/health/log/situation.ts";
import type { OffsetsRow } from "#lib/store/destinations/offsets-write.ts";
import { readRecentFailures } from "#lib/store/failures/recent-failures-read.ts";
import { readEmptySince, readRecentGroupEvents, type LastLeftMember } from "#lib/store/groups/history-read.ts";
import type { JumpEvent } from "#lib/store/groups/history-write.ts";
import type { Polled } from "../poll/polled.ts";
import { CommitReader } from "./commit-reader.ts";
import type { HeadFinder } from "./head-finder.ts";
import { applyHeads, wantedHeads } from "./heads.ts";
import { findRewinds, findSkips, JumpEvents, type PartitionJump } from "./jumps.ts";
import { LastLeft } from "./last-left.ts";
import type { LogEnds } from "./log-ends.ts";
import { applySkip } from "./partition-state.ts";
import type { PartitionStates } from "./partition-states.ts";
import { TopicSettings, type SettingsOf } from "./topic-settings.ts";

const FAILURES_MINUTES = 5;
const EVENTS_BACK_MS = 180_000;
const HEADS_PER_CYCLE = 2000;

/** What is known at one moment, apart from the states of the group partitions and the ends of the logs. */
export interface Known {
  readonly settingsOf: SettingsOf;
  readonly recentFailures: ReadonlyMap<string, number>;
  readonly events: ReadonlyMap<number, readonly GroupEvent[]>;
  readonly emptySince: ReadonlyMap<number, number>;
  readonly lastLeft: ReadonlyMap<number, LastLeftMember>;
  /** those of this cycle */
  readonly jumpEvents: readonly JumpEvent[];
}

export interface ReconcilerDeps {
  readonly client: pg.Client;
  readonly clusterId: number;
  readonly states: PartitionStates;
  readonly ends: LogEnds;
  readonly heads: HeadFinder;
}

export class Reconciler {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #states: PartitionStates;
  readonly #ends: LogEnds;
  readonly #heads: HeadFinder;
  readonly #settings: TopicSettings;
  readonly #commits: CommitReader;
  readonly #lastLeft: LastLeft;
  readonly #jumpEvents = new JumpEvents();

  constructor({ client, clusterId, states, ends, heads }: ReconcilerDeps) {
    this.#client = client;
    this.#clusterId = clusterId;
    this.#states = states;
    this.#ends = ends;
    this.#heads = heads;
    this.#settings = new TopicSettings(client, clusterId);
    this.#commits = new CommitReader(client, clusterId, states, ends);
    this.#lastLeft = new LastLeft(client);
  }

  /**
   * `before`: the poll of the last cycle. `horizon`: the commits of all transactions below it are read now. The order
   * matters: the log ends come first, because the lag of a commit is taken from them; then the commits; then the first
   * waiting events, which depend on the ends and on the jumps found in the commits.
   */
  async reconcile(
    polled: Polled,
    before: Polled | null,
    offsets: readonly OffsetsRow[],
    horizon: bigint,
    nowMs: number,
  ): Promise<Known> {
    const { topics, topicOf, destinationOf, groups } = polled;
    const settingsOf = await this.#settings.read(nowMs);
    this.#ends.add(offsets, topics, destinationOf, nowMs);
    const jumpEvents = await this.#reconcileJumps(await this.#commits.read(horizon), before, polled);
    const wanted = wantedHeads(this.#states, this.#ends, { topicOf, settingsOf, nowMs, limit: HEADS_PER_CYCLE });
    const unreadable = new Set(topics.flatMap(({ name, isReadable }) => (isReadable ? [] : [name])));
    const readable = wanted.filter(({ topic }) => !unreadable.has(topic));
    applyHeads(this.#states, this.#ends, await this.#heads.find(readable, nowMs));
    return {
      settingsOf,
      lastLeft: await this.#lastLeft.read(groups, this.#states.groupIds),
      recentFailures: await readRecentFailures(this.#client, this.#clusterId, FAILURES_MINUTES),
      events: await readRecentGroupEvents(this.#client, this.#clusterId, nowMs - EVENTS_BACK_MS),
      emptySince: await readEmptySince(this.#client, this.#clusterId),
      jumpEvents,
    };
  }

  /** Commits that went back and have not come back yet, and those that skipped events which no member can have read. */
  async #reconcileJumps(
    jumps: readonly PartitionJump[],
    before: Polled | null,
    polled: Polled,
  ): Promise<readonly JumpEvent[]> {
    if (jumps.length === 0) return [];
    const skips = await findSkips(this.#client, jumps, before, polled);
    for (const skip of skips) this.#states.update(skip, (state) => applySkip(state, skip));
    return [
      ...this.#jumpEvents.of(findRewinds(jumps, this.#states), "rewound", polled.topicOf),
      ...this.#jumpEvents.of(skips, "skipped", polled.topicOf),
    ];
  }
}
