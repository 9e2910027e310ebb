/**
 * Which groups to describe in a cycle, and what is known of every group after it. Listing all groups is cheap and
 * tells their states. Describing a group tells its members, which in most groups cannot change unnoticed: so only
 * groups that changed, or were not described for long, are described.
 */
import type { GroupInfo, GroupList } from "#lib/brokers/ports/inspector.ts";
import { type Known, undescribed, type Listed, hasNoMembers, merged, signatureOf } from "./known-group.ts";

/**
 * A classic group that rebalances says so in its commit log, where that is tapped. Others change their members
 * unnoticed, and are described again sooner.
 */
const DESCRIBE_AGAIN_MS = { logged: 60_000, unlogged: 4000 } as const;
/** A group that changes its coordinator may for a moment be on no broker's list. */
const GONE_AFTER_MS = 8000;
/** The share of a cycle's descriptions that is kept for unchanged groups when many groups change at once. */
const SHARE_OF_DUE = 0.25;
type GenerationOf = (group: string) => number | null;

export class GroupSchedule {
  #known: Map<string, Known>;

  /** `groups`: those of an earlier run. They may be on no list just now. */
  constructor(groups: Iterable<string> = []) {
    this.#known = new Map(
      Array.from(groups, (group) => [
        group,
        undescribed({ group, protocol: "unknown", state: "unknown", coordinator: null }),
      ]),
    );
  }

  /** The groups to describe now, at most `limit`: changed ones first, then those described longest ago. */
  plan(
    listed: readonly Listed[],
    generationOf: GenerationOf,
    tellsGenerations: boolean,
    limit: number,
    nowMs: number,
  ): string[] {
    const changed: { readonly group: string; readonly atMs: number }[] = [];
    const due: { readonly group: string; readonly atMs: number }[] = [];
    for (const entry of listed) {
      if (hasNoMembers(entry)) continue;
      const known = this.#known.get(entry.group);
      const candidate = { group: entry.group, atMs: known?.describedAtMs ?? -Infinity };
      if (known === undefined || hasChanged(known, entry, generationOf)) changed.push(candidate);
      else if (nowMs - candidate.atMs > describeAgainMs(entry, tellsGenerations)) due.push(candidate);
    }
    const byAge = (a: { atMs: number }, b: { atMs: number }) => a.atMs - b.atMs;
    const kept = Math.min(due.length, Math.floor(limit * SHARE_OF_DUE));
    const first = changed.sort(byAge).slice(0, limit - kept);
    return [...first, ...due.sort(byAge).slice(0, limit - first.length)].map(({ group }) => group);
  }

  /**
   * Merges the list and the descriptions into what is known, and answers every group. A group that its coordinator
   * cannot describe stays as it was, with the reason as its `fault`.
   */
  merge(
    { groups, whyUnlisted }: { readonly groups: readonly Listed[]; readonly whyUnlisted: GroupList["whyUnlisted"] },
    described: readonly GroupInfo[],
    generationOf: GenerationOf,
    nowMs: number,
  ): GroupInfo[] {
    const descriptions = new Map(described.map((info) => [info.group, info]));
    const next = new Map<string, Known>();
    for (const entry of groups) {
      const { group } = entry;
      next.set(group, merged(this.#known.get(group), entry, descriptions.get(group), generationOf(group), nowMs));
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

  /** Whether its members were described once, or it has none. */
  isDescribed(group: string): boolean {
    const known = this.#known.get(group);
    return known !== undefined && (known.describedAtMs > -Infinity || hasNoMembers(known.info));
  }
}

const isSettled = ({ state }: Listed): boolean => state === "stable" || state === "empty";

const hasChanged = (known: Known, entry: Listed, generationOf: GenerationOf): boolean =>
  known.listed !== signatureOf(entry) ||
  known.info.fault !== null ||
  !isSettled(entry) ||
  (entry.protocol === "classic" && known.generation !== generationOf(entry.group));

const describeAgainMs = ({ protocol, state }: Listed, tellsGenerations: boolean): number =>
  (protocol === "classic" && tellsGenerations) || state === "empty"
    ? DESCRIBE_AGAIN_MS.logged
    : DESCRIBE_AGAIN_MS.unlogged;
