/** Which dead letters of a choice are sent again, where to, and in which order. */

/** What is known of one dead letter when a replay is planned. */
export interface DeadLetterToReplay {
  readonly failureId: bigint;
  readonly status: "open" | "replaying" | "resolved";
  /** another run has it in hand */
  readonly inAnotherRun: boolean;
  readonly cluster: string;
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  /** first offset the source still holds; null: not known */
  readonly sourceLogStart: bigint | null;
  readonly originalTopic: string | null;
  readonly originalPartition: number | null;
  readonly originalOffset: bigint | null;
  readonly groupName: string | null;
  readonly key: string | null;
}

export const SKIP_REASONS = {
  already_replayed: "Already sent again",
  in_another_run: "Another replay has it in hand",
  expired: "No longer in its topic: retention has taken it",
  no_original_topic: "Does not say which topic it came from; choose a target topic",
  target_missing: "Its target topic does not exist any more",
  same_event: "The same event as another dead letter of this replay",
  other_cluster: "Lies in another cluster; replay those on their own",
  other_group: "Failed in another group than the one it is for",
  over_limit: "More than one replay takes; replay again for the rest",
} as const;
export type SkipReason = keyof typeof SKIP_REASONS;

export interface RedriveItem {
  readonly letter: DeadLetterToReplay;
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
  /** null: each letter goes back to where it came from */
  readonly targetTopic: string | null;
  /** Set: only this group's letters, each to the retry topic that only it reads, where it has one. */
  readonly onlyGroup: string | null;
  readonly retryTopicOf: (cluster: string, topic: string) => string | null;
  /** partitions of a topic of the cluster; null: there is no such topic */
  readonly partitionsOf: (cluster: string, topic: string) => number | null;
  readonly maxItems: number;
}

/**
 * Decides each letter and orders those to be sent as they were first published, so that events of one key keep their order. A letter
 * that returns to its own topic returns to its own partition. All items lie in one cluster: the one with the most letters.
 */
export function planRedrive(letters: readonly DeadLetterToReplay[], rules: RedriveRules): RedrivePlan {
  const cluster = mostFrequent(letters.map((letter) => letter.cluster)) ?? "";
  const excluded = new Map<SkipReason, number>();
  const events = new Set<string>();
  const items: RedriveItem[] = [];
  for (const letter of [...letters].sort(byFirstPublished)) {
    const reason = letter.cluster === cluster ? reasonToSkip(letter, rules, events, items.length) : "other_cluster";
    if (reason !== null) {
      excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
      continue;
    }
    const event = eventOf(letter);
    if (event !== null) events.add(event);
    const targetTopic = targetOf(letter, rules) as string;
    items.push({ letter, targetTopic, targetPartition: samePartition(letter, targetTopic, rules) });
  }
  return { cluster, items, excluded };
}

function reasonToSkip(letter: DeadLetterToReplay, rules: RedriveRules, events: ReadonlySet<string>, taken: number): SkipReason | null {
  const event = eventOf(letter);
  const target = targetOf(letter, rules);
  if (letter.status !== "open") return "already_replayed";
  if (letter.inAnotherRun) return "in_another_run";
  if (letter.sourceLogStart !== null && letter.sourceOffset < letter.sourceLogStart) return "expired";
  if (rules.onlyGroup !== null && letter.groupName !== null && letter.groupName !== rules.onlyGroup) return "other_group";
  if (target === null) return "no_original_topic";
  if (rules.partitionsOf(letter.cluster, target) === null) return "target_missing";
  if (event !== null && events.has(event)) return "same_event";
  return taken >= rules.maxItems ? "over_limit" : null;
}

function targetOf({ cluster, originalTopic }: DeadLetterToReplay, { targetTopic, onlyGroup, retryTopicOf }: RedriveRules): string | null {
  if (targetTopic !== null || originalTopic === null || onlyGroup === null) return targetTopic ?? originalTopic;
  return retryTopicOf(cluster, originalTopic) ?? originalTopic;
}

/** Two groups may each have given up on the same event; sent twice, both would get it twice. */
function eventOf({ originalTopic, originalPartition, originalOffset }: DeadLetterToReplay): string | null {
  return originalTopic === null || originalPartition === null || originalOffset === null ? null : `${originalTopic}/${originalPartition}/${originalOffset}`;
}

function samePartition(letter: DeadLetterToReplay, targetTopic: string, rules: RedriveRules): number | null {
  const { originalTopic, originalPartition } = letter;
  if (originalPartition === null || originalTopic !== targetTopic) return null;
  return originalPartition >= 0 && originalPartition < (rules.partitionsOf(letter.cluster, targetTopic) ?? 0) ? originalPartition : null;
}

function byFirstPublished(a: DeadLetterToReplay, b: DeadLetterToReplay): number {
  const known = (letter: DeadLetterToReplay): boolean => eventOf(letter) !== null;
  if (known(a) && known(b)) {
    return compare(a.originalTopic ?? "", b.originalTopic ?? "") || compare(a.originalPartition ?? 0, b.originalPartition ?? 0) || compare(a.originalOffset ?? 0n, b.originalOffset ?? 0n) || compare(a.failureId, b.failureId);
  }
  if (known(a) !== known(b)) return known(a) ? -1 : 1;
  return compare(a.sourceTopic, b.sourceTopic) || compare(a.sourcePartition, b.sourcePartition) || compare(a.sourceOffset, b.sourceOffset);
}

function compare<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function mostFrequent(names: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || compare(a, b))[0]?.[0] ?? null;
}
