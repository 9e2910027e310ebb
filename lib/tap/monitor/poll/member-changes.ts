/**
 * What became of groups' members between two looks: who joined, who left, who has other partitions, and
 * what that means.
 */
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { GroupEventRow, SessionChanges, SessionMember } from "#lib/store/groups/history-write.ts";

const DEPLOY_WITHIN_MS = 120_000;
/** One deploy is one mark, however long it rolls. */
const DEPLOY_AGAIN_MS = 600_000;
const MOST_NAMED = 12;
const MOST_TURNOVER = 1000;

type Member = GroupInfo["members"][number];

type Members = ReadonlyMap<string, { readonly clientId: string; readonly assignment: string }>;

interface Before {
  readonly members: Members;
  /** null: not known */
  readonly generation: number | null;
}

/** One for all: of thousands of groups most have no members. */
const NOBODY: Members = new Map();

interface Turnover {
  readonly atMs: number;
  readonly memberId: string;
  readonly pattern: string;
  readonly change: 1 | -1;
}

export interface GroupChange {
  readonly events: readonly GroupEventRow[];
  readonly sessions: SessionChanges;
}

export class MemberChanges {
  #before = new Map<number, Before>();
  #turnover = new Map<number, Turnover[]>();
  #deployedAt = new Map<number, number>();

  /** Who was there when somebody last looked. */
  constructor(members: readonly SessionMember[]) {
    for (const [groupId, own] of Map.groupBy(members, (member) => member.groupId)) {
      this.#before.set(groupId, {
        members: new Map(
          own.map((member) => [
            member.memberId,
            { clientId: member.clientId, assignment: assignmentOf(member.assignment) },
          ]),
        ),
        generation: null,
      });
    }
  }

  /** `tellsGenerations`: the commit log tells when a classic group rebalances, so it need not be guessed here. */
  add(groupId: number, info: GroupInfo, tellsGenerations: boolean, atMs: number): GroupChange {
    const before = this.#before.get(groupId);
    const now = new Map(info.members.map((member) => [member.memberId, member]));
    const known = before?.members ?? NOBODY;
    const joined = [...now.values()].filter((member) => !known.has(member.memberId));
    const left = [...known]
      .filter(([memberId]) => !now.has(memberId))
      .map(([memberId, { clientId }]) => ({ memberId, clientId }));
    const moved = [...now.values()].filter(
      (member) =>
        known.has(member.memberId) && known.get(member.memberId)?.assignment !== assignmentOf(member.assignment),
    );
    this.#before.set(groupId, {
      members:
        now.size === 0
          ? NOBODY
          : new Map(
              [...now.values()].map((member) => [
                member.memberId,
                { clientId: member.clientId, assignment: assignmentOf(member.assignment) },
              ]),
            ),
      generation: info.generation,
    });

    const marks: GroupEventRow[] = [];
    const mark = (kind: GroupEventRow["kind"], detail: GroupEventRow["detail"]) =>
      marks.push({ groupId, atMs, kind, detail });
    // Who was there before anybody looked did not join now.
    if (before !== undefined) {
      if (joined.length > 0)
        mark("joined", { members: now.size, count: joined.length, who: joined.slice(0, MOST_NAMED).map(nameOf) });
      if (left.length > 0)
        mark("left", { members: now.size, count: left.length, who: left.slice(0, MOST_NAMED).map(nameOf) });
      if (now.size === 0 && known.size > 0) mark("emptied", { count: known.size });
      const rebalances = rebalancesOf(info, before, tellsGenerations, joined.length + left.length + moved.length > 0);
      if (rebalances > 0)
        mark("rebalance", {
          generation: info.generation,
          members: now.size,
          protocol: info.protocol,
          clients: info.members.slice(0, MOST_NAMED).map((member) => `${member.clientId} at ${member.host}`),
          ...(rebalances > 1 && { count: rebalances }),
        });
      const deployed = this.#deploy(groupId, joined, left, known.size, atMs);
      if (deployed !== null)
        mark("deploy", { members: now.size, replaced: deployed.replaced, clients: deployed.clients });
    }
    return {
      events: marks,
      sessions: {
        joined: joined.map((member) => ({ groupId, ...member })),
        left: left.map(({ memberId }) => ({ groupId, memberId })),
        moved: moved.map((member) => ({ groupId, ...member })),
      },
    };
  }

  forget(groupIds: Iterable<number>): void {
    for (const groupId of groupIds)
      for (const memory of [this.#before, this.#turnover, this.#deployedAt]) memory.delete(groupId);
  }

  /**
   * Most members replaced by others of the same kind: a release, or a restart of all. Members that come and go again
   * and again are neither.
   */
  #deploy(
    groupId: number,
    joined: readonly Member[],
    left: readonly { readonly memberId: string; readonly clientId: string }[],
    sizeBefore: number,
    atMs: number,
  ): { readonly replaced: number; readonly clients: string[] } | null {
    const recent = (this.#turnover.get(groupId) ?? []).filter((one) => one.atMs > atMs - DEPLOY_WITHIN_MS);
    const turn = (member: { readonly memberId: string; readonly clientId: string }, change: 1 | -1): Turnover => ({
      atMs,
      memberId: member.memberId,
      pattern: patternOf(member.clientId),
      change,
    });
    const turnover = [
      ...recent,
      ...joined.map((member) => turn(member, 1)),
      ...left.map((member) => turn(member, -1)),
    ].slice(-MOST_TURNOVER);
    if (turnover.length === 0) this.#turnover.delete(groupId);
    else this.#turnover.set(groupId, turnover);
    if (joined.length + left.length === 0 || atMs - (this.#deployedAt.get(groupId) ?? -Infinity) < DEPLOY_AGAIN_MS)
      return null;
    // Who came and went within that time has replaced nobody.
    const came = new Set(turnover.flatMap((one) => (one.change === 1 ? [one.memberId] : [])));
    const went = new Set(turnover.flatMap((one) => (one.change === -1 ? [one.memberId] : [])));
    const patterns = [...Map.groupBy(turnover, (one) => one.pattern)].map(([pattern, all]) => ({
      pattern,
      new: all.filter((one) => one.change === 1 && !went.has(one.memberId)).length,
      old: all.filter((one) => one.change === -1 && !came.has(one.memberId)).length,
    }));
    const replaced = patterns.reduce((sum, pattern) => sum + Math.min(pattern.new, pattern.old), 0);
    const size = Math.max(
      1,
      sizeBefore,
      patterns.reduce((sum, pattern) => sum + pattern.old, 0),
    );
    if (replaced * 2 <= size) return null;
    this.#deployedAt.set(groupId, atMs);
    this.#turnover.delete(groupId);
    return {
      replaced,
      clients: patterns
        .filter((pattern) => pattern.new > 0 && pattern.old > 0)
        .map(({ pattern }) => pattern)
        .slice(0, MOST_NAMED),
    };
  }
}

/** How many times it rebalanced since the last look, as far as that is known. */
function rebalancesOf(info: GroupInfo, before: Before, tellsGenerations: boolean, changed: boolean): number {
  if (info.protocol === "classic") return changed && !tellsGenerations ? 1 : 0;
  if (info.generation === null || before.generation === null) return 0;
  return Math.max(0, info.generation - before.generation);
}

/** What client ids of one program have in common: instances differ by number or by a random part. */
const patternOf = (clientId: string): string =>
  clientId
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "*")
    .replaceAll(/\b[0-9a-f]{6,}\b/gi, "*")
    .replaceAll(/\d+/g, "*");

const nameOf = ({
  memberId,
  clientId,
}: {
  readonly memberId: string;
  readonly clientId: string;
}): { memberId: string; clientId: string } => ({ memberId, clientId });

const assignmentOf = (assignment: Member["assignment"]): string =>
  assignment
    .map(({ topic, partition }) => `${topic}/${partition}`)
    .sort()
    .join(" ");
