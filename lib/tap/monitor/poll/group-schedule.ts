/**
 * Whom to ask about this turn, and what is known of every group after it. Listing all groups is cheap and tells their
 * state; describing one tells its members, which cannot have changed unnoticed for most: so only those are described
 * that changed or were not looked at for long.
 */
import type { GroupInfo, GroupList } from "#lib/brokers/ports/inspector.ts";

/** A classic group that rebalances says so in its commit log, where that is tapped; others change members unnoticed. */
const LOOK_AGAIN_MS = { told: 60_000, untold: 4000 } as const;
/** A group that changes coordinators may for a moment be on no broker's list. */
const GONE_AFTER_MS = 8000;
/** of what may be described in a turn, the share that changes everywhere at once leave to the others */
const SHARE_OF_DUE = 0.25;

interface Known {
  readonly info: GroupInfo;
  /** what the list said when it was described; "": never */
  readonly listed: string;
  readonly generation: number | null;
  readonly describedAtMs: number;
  readonly missingSinceMs: number | null;
}

type Listed = GroupList["groups"][number];

export class GroupSchedule {
  #known = new Map<string, Known>();

  /** Groups that were there when somebody last looked: they may be on no list just now. */
  remember(groups: Iterable<string>): void {
    for (const group of groups)
      if (!this.#known.has(group))
        this.#known.set(group, unseen({ group, protocol: "unknown", state: "unknown", coordinator: null }));
  }

  /** The groups to describe now, at most so many: what changed first, then who was looked at longest ago. */
  plan(
    listed: readonly Listed[],
    generationOf: (group: string) => number | null,
    tellsGenerations: boolean,
    most: number,
    nowMs: number,
  ): string[] {
    const changed: { readonly group: string; readonly at: number }[] = [];
    const due: { readonly group: string; readonly at: number }[] = [];
    for (const one of listed) {
      if (hasNothingToTell(one)) continue;
      const known = this.#known.get(one.group);
      const at = known?.describedAtMs ?? -Infinity;
      const isChanged =
        known === undefined ||
        known.listed !== signatureOf(one) ||
        known.info.fault !== null ||
        !isSettled(one) ||
        (one.protocol === "classic" && known.generation !== generationOf(one.group));
      if (isChanged) changed.push({ group: one.group, at });
      else if (
        nowMs - at >
        ((one.protocol === "classic" && tellsGenerations) || one.state === "empty"
          ? LOOK_AGAIN_MS.told
          : LOOK_AGAIN_MS.untold)
      )
        due.push({ group: one.group, at });
    }
    const byAge = (a: { at: number }, b: { at: number }) => a.at - b.at;
    const kept = Math.min(due.length, Math.floor(most * SHARE_OF_DUE));
    const first = changed.sort(byAge).slice(0, most - kept);
    return [...first, ...due.sort(byAge).slice(0, most - first.length)].map(({ group }) => group);
  }

  /**
   * Every group there is, as far as is known. One whose coordinator cannot tell of it stays as it was, with the reason.
   */
  take(
    {
      groups: listed,
      whyUnlisted,
    }: { readonly groups: readonly Listed[]; readonly whyUnlisted: GroupList["whyUnlisted"] },
    described: readonly GroupInfo[],
    generationOf: (group: string) => number | null,
    nowMs: number,
  ): GroupInfo[] {
    const news = new Map(described.map((info) => [info.group, info]));
    const next = new Map<string, Known>();
    for (const one of listed) {
      const before = this.#known.get(one.group);
      const told = news.get(one.group);
      const generation = generationOf(one.group);
      if (told !== undefined && told.fault === null)
        next.set(one.group, {
          info: withGeneration(settled(told, before?.info), generation ?? before?.info.generation ?? null),
          listed: signatureOf(one),
          generation,
          describedAtMs: nowMs,
          missingSinceMs: null,
        });
      else if (told !== undefined)
        next.set(one.group, {
          ...(before ?? unseen(one)),
          info: { ...(before?.info ?? told), fault: told.fault },
          missingSinceMs: null,
        });
      else if (hasNothingToTell(one))
        next.set(one.group, {
          ...unseen(one),
          info: withGeneration(unseen(one).info, generation ?? before?.info.generation ?? null),
        });
      // Not its turn yet: what the list says of its state is newer than what was described.
      else
        next.set(
          one.group,
          before === undefined
            ? unseen(one)
            : {
                ...before,
                info: {
                  ...before.info,
                  protocol: one.protocol,
                  state: one.state,
                  coordinator: one.coordinator,
                  members: one.state === "empty" ? NOBODY : before.info.members,
                  fault: null,
                },
                missingSinceMs: null,
              },
        );
    }
    for (const [group, before] of this.#known) {
      if (next.has(group)) continue;
      const fault = whyUnlisted(group);
      const missingSinceMs = before.missingSinceMs ?? nowMs;
      if (fault !== null) next.set(group, { ...before, info: { ...before.info, fault }, missingSinceMs: null });
      else if (nowMs - missingSinceMs < GONE_AFTER_MS) next.set(group, { ...before, missingSinceMs });
    }
    this.#known = next;
    return [...next.values()].map(({ info }) => info);
  }

  /** Whether its members are what the broker said at some time. */
  isDescribed(group: string): boolean {
    const known = this.#known.get(group);
    return known !== undefined && (known.describedAtMs > -Infinity || hasNothingToTell(known.info));
  }
}

/** always the same, so that it is seen that nothing changed */
const NOBODY: GroupInfo["members"] = [];

/** Nobody is in it; of the newer protocols an empty group still has an epoch. */
const hasNothingToTell = ({
  protocol,
  state,
}: {
  readonly protocol: GroupInfo["protocol"];
  readonly state: GroupInfo["state"];
}): boolean => protocol === "simple" || state === "dead" || (protocol === "classic" && state === "empty");

const isSettled = ({ state }: Listed): boolean => state === "stable" || state === "empty";

const signatureOf = ({ protocol, state, coordinator }: Listed): string => `${protocol} ${state} ${coordinator}`;

const unseen = ({ group, protocol, state, coordinator }: Listed): Known => ({
  info: { group, protocol, state, coordinator, generation: null, members: NOBODY, subscription: [], fault: null },
  listed: "",
  generation: null,
  describedAtMs: -Infinity,
  missingSinceMs: null,
});

const withGeneration = (info: GroupInfo, generation: number | null): GroupInfo =>
  info.generation !== null || generation === null ? info : { ...info, generation };

/** While a classic group rebalances its members' partitions are not told; they still have them until it is over. */
function settled(told: GroupInfo, before: GroupInfo | undefined): GroupInfo {
  if (told.protocol !== "classic" || told.state !== "rebalancing" || before === undefined) return told;
  const had = new Map(before.members.map((member) => [member.memberId, member.assignment]));
  return {
    ...told,
    members: told.members.map((member) =>
      member.assignment.length > 0 ? member : { ...member, assignment: had.get(member.memberId) ?? [] },
    ),
    subscription: told.subscription.length > 0 ? told.subscription : before.subscription,
  };
}
