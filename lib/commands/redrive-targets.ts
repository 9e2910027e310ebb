/** Where the events of a redrive go, and who reads that. */
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { isOrRetriesFor } from "#lib/domain/replay/one-group.ts";
import type { RedrivePlan } from "#lib/domain/replay/redrive.ts";
import { isDeclaredIdempotent } from "#lib/domain/replay/second-time.ts";
import { readReceivers } from "#lib/store/replays/plan.ts";
import type { CommandDeps } from "./deps.ts";

/** `onlyGroup`: the one group it is for; null: everybody. */
export async function targetsOf(
  { prisma, idempotentGroups }: CommandDeps,
  plan: RedrivePlan,
  onlyGroup: string | null,
): Promise<RedrivePreview["targets"]> {
  const topics = [...new Set(plan.items.map(({ targetTopic }) => targetTopic))];
  const receivers = await readReceivers(prisma, plan.cluster, topics);
  return [...Map.groupBy(plan.items, ({ targetTopic }) => targetTopic)].map(([topic, items]) => {
    const failed = new Set(items.map(({ event }) => event.groupName));
    const readers = receivers.filter((one) => one.topic === topic);
    const onlyReaderFailed =
      onlyGroup === null &&
      readers.length === 1 &&
      items.every(({ event }) => event.isDeadLetter && event.groupName === null && event.originalTopic === topic);
    return {
      cluster: plan.cluster,
      topic,
      items: items.length,
      by:
        onlyGroup === null
          ? "topic"
          : items.some(({ event }) => event.originalTopic !== topic)
            ? "retry_topic"
            : "header",
      receivers: readers.map(({ group, trouble }) => ({
        group,
        failedThere: onlyGroup === null ? failed.has(group) : isOrRetriesFor(group, onlyGroup),
        probablyFailedThere: onlyReaderFailed,
        declaredIdempotent: isDeclaredIdempotent(group, idempotentGroups),
        trouble,
      })),
    };
  });
}
