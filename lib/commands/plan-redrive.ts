import type { AppError } from "#lib/contracts/errors.ts";
import type { RedrivePlanInput, RedrivePreview } from "#lib/contracts/replays.ts";
import { redriveCommand } from "#lib/domain/replay/command-line.ts";
import { isOrRetriesFor, retryTopicOf } from "#lib/domain/replay/one-group.ts";
import { summaryOf } from "#lib/domain/replay/choice.ts";
import { planRedrive, SKIP_REASONS, type RedrivePlan } from "#lib/domain/replay/redrive.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { readLettersToReplay, readPartitionCounts, readReceivers, readRetryTopics } from "#lib/store/replays-plan.ts";
import { readNewerEvents } from "#lib/store/replays-stale.ts";
import { invalid, type CommandDeps } from "./deps.ts";
import type { Preview } from "./plan-replay.ts";

const MAX_ITEMS = 10_000;
const MAX_LETTERS = 2 * MAX_ITEMS;
const DEFAULT_CANARY = { items: 1, timeoutSeconds: 120, then: "pause" } as const;

export async function previewRedrive(deps: CommandDeps, input: RedrivePlanInput): Promise<Result<Preview, AppError>> {
  const { prisma } = deps;
  if ((input.fingerprint === undefined) === (input.failureIds === undefined)) return err(invalid("fingerprint", "Choose dead letters either by fingerprint or one by one."));
  const letters = await readLettersToReplay(prisma, { fingerprint: input.fingerprint ?? null, failureIds: (input.failureIds ?? []).map(BigInt), group: input.group ?? null }, MAX_LETTERS);
  if (letters.length === 0) return err({ code: "not_found", message: "None of these dead letters is known to Flowtap." });
  const onlyGroup = input.to.how === "group" ? input.to.group : null;
  if (onlyGroup !== null && input.targetTopic !== undefined) return err(invalid("targetTopic", "Either one group or a topic: where a group's events go follows from the group."));
  const retryTopics = onlyGroup === null ? [] : await readRetryTopics(prisma);
  const toRetry = (cluster: string, topic: string): string | null => (onlyGroup === null ? null : retryTopicOf(topic, onlyGroup, retryTopics.filter((one) => one.cluster === cluster)));
  const targets = letters.flatMap(({ cluster, originalTopic }) => input.targetTopic ?? (originalTopic === null ? [] : [originalTopic, toRetry(cluster, originalTopic) ?? []].flat()));
  const partitions = await readPartitionCounts(prisma, targets);
  if (input.targetTopic !== undefined && partitions.size === 0) return err(invalid("targetTopic", `There is no topic ${input.targetTopic} to send to.`));
  const plan = planRedrive(letters, { targetTopic: input.targetTopic ?? null, onlyGroup, retryTopicOf: toRetry, partitionsOf: (cluster, topic) => partitions.get(`${cluster}/${topic}`) ?? null, maxItems: MAX_ITEMS });
  const excluded = [...plan.excluded].map(([reason, items]) => ({ reason: SKIP_REASONS[reason], items }));
  if (plan.items.length === 0) return err({ code: "conflict", message: `Nothing to send. ${excluded.map(({ reason, items }) => `${items}: ${reason}.`).join(" ")}` });
  const newer = await readNewerEvents(prisma, plan.items.map(({ letter }) => letter.failureId));
  const summary = summaryOf(plan.items.map((item, seq) => ({ ...item, seq, key: item.letter.key, isStale: false })));
  const groups = new Set(plan.items.map(({ letter }) => letter.groupName));
  return ok({
    cluster: plan.cluster,
    group: onlyGroup ?? input.group ?? (groups.size === 1 ? ([...groups][0] ?? null) : null),
    items: plan.items,
    newerThan: newer ?? new Map(),
    preview: {
      kind: "redrive",
      items: plan.items.length,
      excluded,
      to: input.to,
      targets: targetsOf(plan, onlyGroup, await readReceivers(prisma, plan.cluster, [...new Set(plan.items.map(({ targetTopic }) => targetTopic))])),
      leftOut: [],
      partitions: [...summary.partitions],
      keys: [...summary.keys],
      stale: { items: newer?.size ?? null, choice: "ask" },
      excludedByHand: [],
      ratePerSecond: input.ratePerSecond,
      canary: canaryOf(input.canary, plan.items.length),
      stopAbove: input.stopAbove,
      cli: redriveCommand(deps.brokersOf(plan.cluster), plan.items.map(({ letter, targetTopic }) => ({ ...letter, targetTopic }))),
    },
  });
}

/** One goes first by itself where there are several; a canary that is all there is watches over nothing. */
function canaryOf(asked: RedrivePlanInput["canary"], items: number): RedrivePreview["canary"] {
  const canary = asked ?? DEFAULT_CANARY;
  return canary.items < items ? canary : { ...canary, items: 0 };
}

function targetsOf(plan: RedrivePlan, onlyGroup: string | null, receivers: readonly { topic: string; group: string; trouble: string | null }[]): RedrivePreview["targets"] {
  return [...Map.groupBy(plan.items, ({ targetTopic }) => targetTopic)].map(([topic, items]) => {
    const failed = new Set(items.map(({ letter }) => letter.groupName));
    return { cluster: plan.cluster, topic, items: items.length, by: onlyGroup === null ? "topic" : items.some(({ letter }) => letter.originalTopic !== topic) ? "retry_topic" : "header", receivers: receivers.filter((one) => one.topic === topic).map(({ group, trouble }) => ({ group, failedThere: onlyGroup === null ? failed.has(group) : isOrRetriesFor(group, onlyGroup), trouble })) };
  });
}
