/** What is known of one group: its entry on the last list, merged with its last description. */
import type { GroupInfo, GroupList } from "#lib/brokers/ports/inspector.ts";

export interface Known {
  readonly info: GroupInfo;
  /** the signature of its list entry when it was described; "": never described */
  readonly listed: string;
  readonly generation: number | null;
  readonly describedAtMs: number;
  readonly missingSinceMs: number | null;
}

export type Listed = GroupList["groups"][number];

export function merged(
  before: Known | undefined,
  entry: Listed,
  description: GroupInfo | undefined,
  generation: number | null,
  nowMs: number,
): Known {
  const known = before ?? undescribed(entry);
  const lastGeneration = generation ?? before?.info.generation ?? null;
  if (description !== undefined && description.fault === null)
    return {
      info: withGeneration(withAssignments(description, before?.info), lastGeneration),
      listed: signatureOf(entry),
      generation,
      describedAtMs: nowMs,
      missingSinceMs: null,
    };
  if (description !== undefined)
    return {
      ...known,
      info: { ...(before?.info ?? description), fault: description.fault },
      missingSinceMs: null,
    };
  if (hasNoMembers(entry)) {
    const empty = undescribed(entry);
    return { ...empty, info: withGeneration(empty.info, lastGeneration) };
  }
  if (before === undefined) return known;
  // Not described in this cycle: the state on the list is newer than the last description.
  const { protocol, state, coordinator } = entry;
  const members = state === "empty" ? NO_MEMBERS : before.info.members;
  return {
    ...before,
    info: { ...before.info, protocol, state, coordinator, members, fault: null },
    missingSinceMs: null,
  };
}

/** Always the same array, so that an unchanged group is recognised by identity. */
const NO_MEMBERS: GroupInfo["members"] = [];
/** Such a group need not be described. An empty group of the newer protocols must be: it still has an epoch. */
export const hasNoMembers = ({ protocol, state }: Pick<GroupInfo, "protocol" | "state">): boolean =>
  protocol === "simple" || state === "dead" || (protocol === "classic" && state === "empty");
export const signatureOf = ({ protocol, state, coordinator }: Listed): string => `${protocol} ${state} ${coordinator}`;

export const undescribed = ({ group, protocol, state, coordinator }: Listed): Known => ({
  info: { group, protocol, state, coordinator, generation: null, members: NO_MEMBERS, subscription: [], fault: null },
  listed: "",
  generation: null,
  describedAtMs: -Infinity,
  missingSinceMs: null,
});

const withGeneration = (info: GroupInfo, generation: number | null): GroupInfo =>
  info.generation !== null || generation === null ? info : { ...info, generation };

/**
 * While a classic group rebalances, the broker does not say which partitions its members have. They keep those they
 * had until the rebalance is over.
 */
function withAssignments(info: GroupInfo, before: GroupInfo | undefined): GroupInfo {
  if (info.protocol !== "classic" || info.state !== "rebalancing" || before === undefined) return info;
  const assignmentOf = new Map(before.members.map((member) => [member.memberId, member.assignment]));
  return {
    ...info,
    members: info.members.map((member) =>
      member.assignment.length > 0 ? member : { ...member, assignment: assignmentOf.get(member.memberId) ?? [] },
    ),
    subscription: info.subscription.length > 0 ? info.subscription : before.subscription,
  };
}
