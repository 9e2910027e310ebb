/** Commits that jumped: which of them matter, and the events that tell of them. */
import type pg from "pg";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { countMembersAt } from "#lib/store/groups/history-read.ts";
import type { JumpEvent } from "#lib/store/groups/history-write.ts";
import type { GroupPartitionRef } from "../../group-partition.ts";
import type { Jump } from "./partition-state.ts";
import type { PartitionStates } from "./partition-states.ts";

export interface PartitionJump extends Jump, GroupPartitionRef {
  readonly kind: "back" | "forward" | "beyond";
}

const MAX_CANDIDATES = 1000;
/** A consumer that returns to one event again and again makes one event in this time. */
const EVENT_AGAIN_MS = 300_000;
const MAX_REMEMBERED = 1000;

export interface PolledGroups {
  readonly groups: ReadonlyMap<number, GroupInfo>;
}

/**
 * Of forward jumps, those that no member of the group can have made, beside those beyond the end of the log. The group
 * had no members at the time of the commit according to its commit log; or, where that does not tell, it had none in
 * the poll before, has none now, and did not change in between. Groups whose consumers assign their own partitions
 * never have members: nothing can be said of them.
 */
export async function findSkips(
  client: pg.Client,
  jumps: readonly PartitionJump[],
  before: PolledGroups | null,
  now: PolledGroups,
): Promise<PartitionJump[]> {
  const candidates = skipCandidates(jumps, before, now);
  const members = await countMembersAt(client, candidates);
  const skips = candidates.filter((jump, i) => {
    const count = members[i] ?? null;
    return count === null ? wasEmptyThroughout(jump.groupId, before, now) : count === 0;
  });
  return [...jumps.filter((jump) => jump.kind === "beyond"), ...skips];
}

function skipCandidates(
  jumps: readonly PartitionJump[],
  before: PolledGroups | null,
  now: PolledGroups,
): PartitionJump[] {
  return jumps
    .filter(
      ({ kind, groupId }) =>
        kind === "forward" &&
        now.groups.get(groupId)?.protocol !== "simple" &&
        (before === null || isEmpty(before, groupId) || isEmpty(now, groupId) || hasChanged(before, now, groupId)),
    )
    .slice(-MAX_CANDIDATES);
}

const wasEmptyThroughout = (groupId: number, before: PolledGroups | null, now: PolledGroups): boolean =>
  before !== null && isEmpty(before, groupId) && isEmpty(now, groupId) && !hasChanged(before, now, groupId);

const isEmpty = (polled: PolledGroups, groupId: number): boolean => polled.groups.get(groupId)?.members.length === 0;

function hasChanged(before: PolledGroups, now: PolledGroups, groupId: number): boolean {
  const [was, is] = [before.groups.get(groupId), now.groups.get(groupId)];
  return was?.generation !== is?.generation || was?.state !== is?.state;
}

/** Of backward jumps, those after which the group is still before the offset from which it jumped. */
export function findRewinds(jumps: readonly PartitionJump[], states: PartitionStates): PartitionJump[] {
  return jumps.filter((jump) => jump.kind === "back" && (states.committedOffset(jump) ?? jump.from) < jump.from);
}

export class JumpEvents {
  readonly #atMs = new Map<string, number>();

  /** One event for each group and topic, of the partition that jumped furthest. */
  of(jumps: readonly PartitionJump[], kind: JumpEvent["kind"], topicOf: ReadonlyMap<number, string>): JumpEvent[] {
    const events: JumpEvent[] = [];
    for (const [key, own] of Map.groupBy(jumps, (jump) => `${jump.groupId}/${jump.destinationId}/${kind}`)) {
      const event = jumpEvent(own, kind, topicOf);
      if (event === null || event.atMs - (this.#atMs.get(key) ?? -Infinity) < EVENT_AGAIN_MS) continue;
      this.#atMs.set(key, event.atMs);
      events.push(event);
    }
    for (const [key, atMs] of this.#atMs)
      if (this.#atMs.size > MAX_REMEMBERED && Date.now() - atMs > EVENT_AGAIN_MS) this.#atMs.delete(key);
    return events;
  }
}

function jumpEvent(
  jumps: readonly PartitionJump[],
  kind: JumpEvent["kind"],
  topicOf: ReadonlyMap<number, string>,
): JumpEvent | null {
  const [first] = jumps;
  if (first === undefined) return null;
  const furthest = jumps.reduce((most, jump) => (distance(jump) > distance(most) ? jump : most), first);
  return {
    groupId: furthest.groupId,
    atMs: jumps.reduce((earliest, jump) => Math.min(earliest, jump.atMs), Infinity),
    kind,
    detail: {
      topic: topicOf.get(furthest.destinationId) ?? "",
      ...(jumps.length === 1 ? { partition: furthest.partition } : { partitions: jumps.length }),
      from: String(furthest.from),
      to: String(furthest.to),
      messages: String(jumps.reduce((sum, jump) => sum + distance(jump), 0n)),
    },
  };
}

const distance = ({ from, to }: PartitionJump): bigint => (to > from ? to - from : from - to);
