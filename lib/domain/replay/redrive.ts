/** Which events of a choice are sent again, where to, and in which order. */
import { compare } from "../text/compare.ts";

/**
 * What is known of one event when a replay is planned: of a dead letter, or of an event that lies where
 * it was published.
 */
export interface EventToReplay {
  /** the failure it is the dead letter of, or that its sending again would mend; null: neither */
  readonly failureId: bigint | null;
  readonly isDeadLetter: boolean;
  /** its failure is told by the event itself, which is no copy of the one that failed */
  readonly isErrorEvent: boolean;
  readonly status: "open" | "replaying" | "resolved";
  /** another run has it in hand */
  readonly inAnotherRun: boolean;
  /** it is a copy that an earlier replay has sent */
  readonly isCopyOfReplay: boolean;
  readonly cluster: string;
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  /** first offset the source still holds; null: not known */
  readonly sourceLogStart: bigint | null;
  readonly originalTopic: string | null;
  readonly originalPartition: number | null;
  readonly originalOffset: bigint | null;
  readonly publishedAtMs: number;
  readonly groupName: string | null;
  readonly key: string | null;
}

export const SKIP_REASONS = {
  error_event: "Tells of an error and is no dead letter: send again the event that caused it, by its trace or key",
  already_replayed: "Already sent again",
  in_another_run: "Another replay has it in hand",
  copy_of_replay: "Itself a copy that an earlier replay has sent",
  expired: "No longer in its topic: retention has taken it",
  compacted: "No longer in its topic: compaction has taken it",
  too_large: "Larger than the largest record its target topic takes (max.message.bytes)",
  no_original_topic: "Does not say which topic it came from; choose a target topic",
  target_missing: "Its target topic does not exist any more",
  same_event: "The same event as another one of this replay",
  other_cluster: "Lies in another cluster; replay those on their own",
  other_group: "Failed in another group than the one it is for",
  over_limit: "More than one replay takes; replay again for the rest",
} as const;
export type SkipReason = keyof typeof SKIP_REASONS;

export interface RedriveItem {
  readonly event: EventToReplay;
  readonly targetTopic: string;
  /** null: by the record's key, as producers choose */
  readonly targetPartition: number | null;
}

export interface RedrivePlan {
  readonly cluster: string;
  readonly items: readonly RedriveItem[];
  readonly excluded: ReadonlyMap<SkipReason, number>;
}

export interface RedriveRules {
  /** null: each event goes back to where it came from */
  readonly targetTopic: string | null;
  /** Nobody is to consume it: then it does not matter what was sent again before, and no failure is mended by it. */
  readonly isSandbox: boolean;
  /**
   * Set: only what this group failed on, or no group is known to have, each to the retry topic that only it reads,
   * where it has one.
   */
  readonly onlyGroup: string | null;
  readonly retryTopicOf: (cluster: string, topic: string) => string | null;
  /** partitions of a topic of the cluster; null: there is no such topic */
  readonly partitionsOf: (cluster: string, topic: string) => number | null;
  readonly maxItems: number;
}

/**
 * Decides each event and orders those to be sent as they were first published, so that events of one key keep their
 * order: within a partition by offset, and where all go to one topic also across partitions by time. An event that
 * returns to its own topic returns to its own partition. All items lie in one cluster: the one with the most events.
 */
export function planRedrive(chosen: readonly EventToReplay[], rules: RedriveRules): RedrivePlan {
  const events = rules.isSandbox ? chosen.map(asNobodys) : chosen;
  const cluster = mostFrequent(events.map((event) => event.cluster)) ?? "";
  const excluded = new Map<SkipReason, number>();
  const origins = new Set<string>();
  const items: RedriveItem[] = [];
  for (const event of inOrder(events, rules.targetTopic !== null)) {
    const reason = event.cluster === cluster ? reasonToSkip(event, rules, origins, items.length) : "other_cluster";
    if (reason !== null) {
      excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
      continue;
    }
    const origin = originOf(event);
    if (origin !== null) origins.add(origin);
    const targetTopic = targetOf(event, rules) as string;
    items.push({ event, targetTopic, targetPartition: samePartition(event, targetTopic, rules) });
  }
  return { cluster, items, excluded };
}

const asNobodys = (event: EventToReplay): EventToReplay => ({
  ...event,
  failureId: null,
  status: "open",
  inAnotherRun: false,
  isCopyOfReplay: false,
});

function reasonToSkip(
  event: EventToReplay,
  rules: RedriveRules,
  origins: ReadonlySet<string>,
  taken: number,
): SkipReason | null {
  const origin = originOf(event);
  const target = targetOf(event, rules);
  if (event.isErrorEvent) return "error_event";
  if (event.status !== "open") return "already_replayed";
  if (event.inAnotherRun) return "in_another_run";
  if (event.isCopyOfReplay) return "copy_of_replay";
  if (event.sourceLogStart !== null && event.sourceOffset < event.sourceLogStart) return "expired";
  if (rules.onlyGroup !== null && event.groupName !== null && event.groupName !== rules.onlyGroup) return "other_group";
  if (target === null) return "no_original_topic";
  if (rules.partitionsOf(event.cluster, target) === null) return "target_missing";
  if (origin !== null && origins.has(origin)) return "same_event";
  return taken >= rules.maxItems ? "over_limit" : null;
}

function targetOf(
  { cluster, originalTopic }: EventToReplay,
  { targetTopic, onlyGroup, retryTopicOf }: RedriveRules,
): string | null {
  if (targetTopic !== null || originalTopic === null || onlyGroup === null) return targetTopic ?? originalTopic;
  return retryTopicOf(cluster, originalTopic) ?? originalTopic;
}

/**
 * Where it was first published. Two groups may each have given up on the same event; sent twice, both
 * would get it twice.
 */
function originOf({ originalTopic, originalPartition, originalOffset }: EventToReplay): string | null {
  return originalTopic === null || originalPartition === null || originalOffset === null
    ? null
    : `${originalTopic}/${originalPartition}/${originalOffset}`;
}

function samePartition(event: EventToReplay, targetTopic: string, rules: RedriveRules): number | null {
  const { originalTopic, originalPartition } = event;
  if (originalPartition === null || originalTopic !== targetTopic) return null;
  return originalPartition >= 0 && originalPartition < (rules.partitionsOf(event.cluster, targetTopic) ?? 0)
    ? originalPartition
    : null;
}

/** Clocks of producers differ: within a partition no event counts as earlier than the one before it. */
function inOrder(events: readonly EventToReplay[], byTime: boolean): EventToReplay[] {
  const byOrigin = events.toSorted(byFirstPublished);
  if (!byTime) return byOrigin;
  const latest = new Map<string, number>();
  const timed = byOrigin.map((event) => {
    const partition =
      originOf(event) === null
        ? `source/${event.sourceTopic}/${event.sourcePartition}`
        : `${event.originalTopic}/${event.originalPartition}`;
    const atMs = Math.max(event.publishedAtMs, latest.get(partition) ?? event.publishedAtMs);
    latest.set(partition, atMs);
    return { event, atMs };
  });
  return timed.sort((a, b) => a.atMs - b.atMs).map(({ event }) => event);
}

function byFirstPublished(a: EventToReplay, b: EventToReplay): number {
  const known = (event: EventToReplay): boolean => originOf(event) !== null;
  if (known(a) && known(b)) {
    return (
      compare(a.originalTopic ?? "", b.originalTopic ?? "") ||
      compare(a.originalPartition ?? 0, b.originalPartition ?? 0) ||
      compare(a.originalOffset ?? 0n, b.originalOffset ?? 0n) ||
      compare(a.failureId ?? 0n, b.failureId ?? 0n)
    );
  }
  if (known(a) !== known(b)) return known(a) ? -1 : 1;
  return (
    compare(a.sourceTopic, b.sourceTopic) ||
    compare(a.sourcePartition, b.sourcePartition) ||
    compare(a.sourceOffset, b.sourceOffset)
  );
}

function mostFrequent(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || compare(a, b))[0]?.[0] ?? null;
}
