/** Which commits that jumped were set by hand, and the marks of those that matter. */
import type pg from "pg";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { readMembersAt, type JumpEvent } from "#lib/store/groups/history-read.ts";
import type { PartitionStates } from "./partition-states.ts";
import type { PartitionJump } from "../evaluate/partition-evaluator.ts";

const MOST_ASKED = 1000;
/** A reader that returns to one event again and again is marked once in a while. */
const MARK_AGAIN_MS = 300_000;

export interface PolledGroups {
  readonly groups: ReadonlyMap<number, GroupInfo>;
}

/**
 * Of forward jumps those that nobody of the group can have made: it had no members when they were committed, by its
 * commit log, or, where that does not tell, had none at the look before, has none now and did not change between.
 * Groups whose consumers assign themselves their partitions never have members: of them nothing can be said.
 */
export async function findSkips(
  client: pg.Client,
  jumps: readonly PartitionJump[],
  before: PolledGroups | null,
  now: PolledGroups,
): Promise<PartitionJump[]> {
  const isEmpty = (look: PolledGroups | null, groupId: number) => look?.groups.get(groupId)?.members.length === 0;
  const candidates = jumps
    .filter(
      (jump) =>
        jump.kind === "forward" &&
        now.groups.get(jump.groupId)?.protocol !== "simple" &&
        (before === null ||
          isEmpty(before, jump.groupId) ||
          isEmpty(now, jump.groupId) ||
          hasChanged(before, now, jump.groupId)),
    )
    .slice(-MOST_ASKED);
  const members = await readMembersAt(client, candidates);
  const byHand = candidates.filter((jump, i) => {
    const told = members[i] ?? null;
    if (told !== null) return told === 0;
    return (
      before !== null &&
      isEmpty(before, jump.groupId) &&
      isEmpty(now, jump.groupId) &&
      !hasChanged(before, now, jump.groupId)
    );
  });
  return [...jumps.filter((jump) => jump.kind === "beyond"), ...byHand];
}

/** Of backward jumps those that have not come back: the group stands before where it was. */
export function findRewinds(jumps: readonly PartitionJump[], places: PartitionStates): PartitionJump[] {
  return jumps.filter((jump) => jump.kind === "back" && (places.committedOffset(jump) ?? jump.from) < jump.from);
}

function hasChanged(before: PolledGroups | null, now: PolledGroups, groupId: number): boolean {
  const [was, is] = [before?.groups.get(groupId), now.groups.get(groupId)];
  return was?.generation !== is?.generation || was?.state !== is?.state;
}

export class JumpEvents {
  readonly #marked = new Map<string, number>();

  /** One mark for each group and topic, of the partition that jumped furthest. */
  of(jumps: readonly PartitionJump[], kind: JumpEvent["kind"], topicOf: ReadonlyMap<number, string>): JumpEvent[] {
    const marks: JumpEvent[] = [];
    for (const [key, own] of Map.groupBy(jumps, (jump) => `${jump.groupId}/${jump.destinationId}/${kind}`)) {
      const furthest = own.reduce((most, jump) => (distance(jump) > distance(most) ? jump : most));
      const atMs = own.reduce((first, jump) => Math.min(first, jump.atMs), Infinity);
      if (atMs - (this.#marked.get(key) ?? -Infinity) < MARK_AGAIN_MS) continue;
      this.#marked.set(key, atMs);
      const messages = own.reduce((sum, jump) => sum + distance(jump), 0n);
      marks.push({
        groupId: furthest.groupId,
        atMs,
        kind,
        detail: {
          topic: topicOf.get(furthest.destinationId) ?? "",
          ...(own.length === 1 ? { partition: furthest.partition } : { partitions: own.length }),
          from: String(furthest.from),
          to: String(furthest.to),
          messages: String(messages),
        },
      });
    }
    for (const [key, atMs] of this.#marked)
      if (this.#marked.size > MOST_ASKED && Date.now() - atMs > MARK_AGAIN_MS) this.#marked.delete(key);
    return marks;
  }
}

const distance = ({ from, to }: PartitionJump): bigint => (to > from ? to - from : from - to);
