/** What changed of groups' members between two polls: joins, leaves, other assignments, and what they amount to. */
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { GroupEventRow } from "#lib/store/groups/history-write.ts";
import type { SessionChanges, SessionMember } from "#lib/store/groups/sessions-write.ts";
import { Deploys, type ClientMember } from "./deploys.ts";

const MAX_NAMED = 12;

type Member = GroupInfo["members"][number];

type Members = ReadonlyMap<string, { readonly clientId: string; readonly assignment: string }>;

interface Before {
  readonly members: Members;
  /** null: not known */
  readonly generation: number | null;
}

/** One for all: of thousands of groups most have no members. */
const NO_MEMBERS: Members = new Map();

export interface GroupChange {
  readonly events: readonly GroupEventRow[];
  readonly sessions: SessionChanges;
}

interface MemberDiff {
  readonly joined: readonly Member[];
  readonly left: readonly ClientMember[];
  /** with another assignment than before */
  readonly moved: readonly Member[];
}

export class MemberChanges {
  readonly #before = new Map<number, Before>();
  readonly #deploys = new Deploys();

  /** `members`: those of the last poll of an earlier run. */
  constructor(members: readonly SessionMember[]) {
    for (const [groupId, own] of Map.groupBy(members, (member) => member.groupId))
      this.#before.set(groupId, { members: membersOf(own), generation: null });
  }

  /** `tellsGenerations`: the commit log tells when a classic group rebalances, so it need not be guessed here. */
  add(groupId: number, info: GroupInfo, tellsGenerations: boolean, atMs: number): GroupChange {
    const before = this.#before.get(groupId);
    const diff = diffOf(before?.members ?? NO_MEMBERS, info.members);
    this.#before.set(groupId, { members: membersOf(info.members), generation: info.generation });
    return {
      // A member that was there before the first poll did not join now.
      events: before === undefined ? [] : this.#eventsOf(info, before, diff, tellsGenerations, { groupId, atMs }),
      sessions: {
        joined: diff.joined.map((member) => ({ groupId, ...member })),
        left: diff.left.map(({ memberId }) => ({ groupId, memberId })),
        moved: diff.moved.map((member) => ({ groupId, ...member })),
      },
    };
  }

  forget(groupIds: Iterable<number>): void {
    for (const groupId of groupIds) {
      this.#before.delete(groupId);
      this.#deploys.forget(groupId);
    }
  }

  #eventsOf(
    info: GroupInfo,
    before: Before,
    diff: MemberDiff,
    tellsGenerations: boolean,
    { groupId, atMs }: { readonly groupId: number; readonly atMs: number },
  ): GroupEventRow[] {
    const { joined, left } = diff;
    const events: GroupEventRow[] = [];
    const add = (kind: GroupEventRow["kind"], detail: GroupEventRow["detail"]) =>
      events.push({ groupId, atMs, kind, detail });
    const members = new Set(info.members.map(({ memberId }) => memberId)).size;
    if (joined.length > 0) add("joined", { members, count: joined.length, who: named(joined) });
    if (left.length > 0) add("left", { members, count: left.length, who: named(left) });
    if (members === 0 && before.members.size > 0) add("emptied", { count: before.members.size });
    const rebalances = rebalancesOf(info, before, diff, tellsGenerations);
    if (rebalances > 0)
      add("rebalance", {
        generation: info.generation,
        members,
        protocol: info.protocol,
        clients: info.members.slice(0, MAX_NAMED).map((member) => `${member.clientId} at ${member.host}`),
        ...(rebalances > 1 && { count: rebalances }),
      });
    const deploy = this.#deploys.find(groupId, joined, left, before.members.size, atMs);
    if (deploy !== null)
      add("deploy", { members, replaced: deploy.replaced, clients: deploy.patterns.slice(0, MAX_NAMED) });
    return events;
  }
}

function diffOf(before: Members, members: readonly Member[]): MemberDiff {
  const now = new Map(members.map((member) => [member.memberId, member]));
  return {
    joined: [...now.values()].filter((member) => !before.has(member.memberId)),
    left: [...before]
      .filter(([memberId]) => !now.has(memberId))
      .map(([memberId, { clientId }]) => ({ memberId, clientId })),
    moved: [...now.values()].filter((member) => {
      const known = before.get(member.memberId);
      return known !== undefined && known.assignment !== assignmentOf(member.assignment);
    }),
  };
}

/** How many times the group rebalanced since the last poll, as far as that is known. */
function rebalancesOf(
  info: GroupInfo,
  before: Before,
  { joined, left, moved }: MemberDiff,
  tellsGenerations: boolean,
): number {
  const changes = joined.length + left.length + moved.length;
  if (info.protocol === "classic") return changes > 0 && !tellsGenerations ? 1 : 0;
  if (info.generation === null || before.generation === null) return 0;
  return Math.max(0, info.generation - before.generation);
}

const named = (members: readonly ClientMember[]): ClientMember[] =>
  members.slice(0, MAX_NAMED).map(({ memberId, clientId }) => ({ memberId, clientId }));

const membersOf = (members: readonly Pick<Member, "memberId" | "clientId" | "assignment">[]): Members =>
  members.length === 0
    ? NO_MEMBERS
    : new Map(
        members.map(({ memberId, clientId, assignment }) => [
          memberId,
          { clientId, assignment: assignmentOf(assignment) },
        ]),
      );

const assignmentOf = (assignment: Member["assignment"]): string =>
  assignment
    .map(({ topic, partition }) => `${topic}/${partition}`)
    .sort()
    .join(" ");
