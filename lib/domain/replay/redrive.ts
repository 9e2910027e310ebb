/** Which events of a choice are sent again, where to, and in which order. */
import { compare } from "../text/compare.ts";
import type { EventToReplay } from "./event-to-replay.ts";
import { inOrder, originOf } from "./redrive-order.ts";
import type { SkipReason } from "./skip-reasons.ts";

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
  const events = rules.isSandbox ? chosen.map(withoutFailure) : chosen;
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

const withoutFailure = (event: EventToReplay): EventToReplay => ({
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
  if (event.sourceIsGone) return "topic_gone";
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

function samePartition(event: EventToReplay, targetTopic: string, rules: RedriveRules): number | null {
  const { originalTopic, originalPartition } = event;
  if (originalPartition === null || originalTopic !== targetTopic) return null;
  return originalPartition >= 0 && originalPartition < (rules.partitionsOf(event.cluster, targetTopic) ?? 0)
    ? originalPartition
    : null;
}

function mostFrequent(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || compare(a, b))[0]?.[0] ?? null;
}
