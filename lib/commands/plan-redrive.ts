import type { AppError } from "#lib/contracts/errors.ts";
import type { RedrivePlanInput } from "#lib/contracts/replay-input.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { redriveCommand } from "#lib/domain/replay/command-line.ts";
import { isDeclaredIdempotent } from "#lib/domain/replay/second-time.ts";
import { isOrRetriesFor, retryTopicOf } from "#lib/domain/replay/one-group.ts";
import { summaryOf } from "#lib/domain/replay/choice.ts";
import { planRedrive, type RedrivePlan } from "#lib/domain/replay/redrive.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { readPartitionCounts, readReceivers, readRetryTopics } from "#lib/store/replays/plan.ts";
import { readNewerEvents } from "#lib/store/replays/stale.ts";
import { invalid, type CommandDeps } from "./deps.ts";
import { checkRedrive } from "./check-redrive.ts";
import type { Preview } from "./preview.ts";
import { checkSandbox } from "./sandbox.ts";
import { selectEvents } from "./select-events.ts";
import { excludedOf, notesOf } from "./redrive-notes.ts";

const MAX_ITEMS = 10_000;
const MAX_CHECKED = 2 * MAX_ITEMS;
const DEFAULT_CANARY = { items: 1, timeoutSeconds: 120, then: "pause" } as const;

export async function previewRedrive(deps: CommandDeps, input: RedrivePlanInput): Promise<Result<Preview, AppError>> {
  const { prisma } = deps;
  const { to } = input;
  const isSandbox = to.how === "sandbox";
  if (to.how !== "topic" && input.targetTopic !== undefined)
    return err(
      invalid(
        "targetTopic",
        to.how === "group"
          ? "Either one group or a topic: where a group's events go follows from the group."
          : "Either a sandbox or a target topic: nobody reads the one, and whoever reads the other gets the events.",
      ),
    );
  const selected = await selectEvents(deps, input.select, MAX_CHECKED);
  if (!selected.ok) return selected;
  const { events, expired, offsetsNotRead } = selected.value;
  const onlyGroup = to.how === "group" ? to.group : null;
  const targetTopic = to.how === "sandbox" ? to.topic : (input.targetTopic ?? null);
  const retryTopics = onlyGroup === null ? [] : await readRetryTopics(prisma);
  const toRetry = (cluster: string, topic: string): string | null =>
    onlyGroup === null
      ? null
      : retryTopicOf(
          topic,
          onlyGroup,
          retryTopics.filter((one) => one.cluster === cluster),
        );
  const origins = events.flatMap(({ cluster, originalTopic }) =>
    originalTopic === null ? [] : [originalTopic, toRetry(cluster, originalTopic) ?? []].flat(),
  );
  const partitions = await readPartitionCounts(prisma, targetTopic === null ? origins : [targetTopic, ...origins]);
  const sandbox = to.how === "sandbox" ? await checkSandbox(deps, to, events, partitions) : ok(null);
  if (!sandbox.ok) return sandbox;
  const created = sandbox.value;
  const partitionsOf = (cluster: string, topic: string): number | null =>
    partitions.get(`${cluster}/${topic}`) ?? (topic === created?.topic ? created.partitions : null);
  if (
    to.how === "topic" &&
    targetTopic !== null &&
    ![...partitions.keys()].some((name) => name.endsWith(`/${targetTopic}`))
  )
    return err(invalid("targetTopic", `There is no topic ${targetTopic} to send to.`));
  const planned = planRedrive(events, {
    targetTopic,
    isSandbox,
    onlyGroup,
    retryTopicOf: toRetry,
    partitionsOf,
    maxItems: MAX_ITEMS,
  });
  const { plan, checks } = await checkRedrive(deps, events, planned, isSandbox);
  const excluded = excludedOf(plan, expired, offsetsNotRead);
  if (plan.items.length === 0)
    return err({
      code: "conflict",
      message: `Nothing to send. ${excluded.map(({ reason, items }) => `${items}: ${reason}.`).join(" ")}`,
    });
  const newer = isSandbox ? new Map<number, bigint>() : await readNewerEvents(prisma, plan.cluster, plan.items);
  const summary = summaryOf(plan.items.map((item, seq) => ({ ...item, seq, key: item.event.key, isStale: false })));
  const groups = new Set(plan.items.map(({ event }) => event.groupName));
  const targets = targetsOf(
    plan,
    onlyGroup,
    await readReceivers(prisma, plan.cluster, [...new Set(plan.items.map(({ targetTopic }) => targetTopic))]),
    deps.idempotentGroups,
  );
  return ok({
    cluster: plan.cluster,
    group: isSandbox ? null : (onlyGroup ?? (groups.size === 1 ? ([...groups][0] ?? null) : null)),
    items: plan.items,
    newerThan: newer ?? new Map(),
    preview: {
      kind: "redrive",
      items: plan.items.length,
      excluded,
      to,
      targets,
      leftOut: [],
      partitions: [...summary.partitions],
      keys: [...summary.keys],
      stale: { items: newer?.size ?? null, choice: "ask" },
      excludedByHand: [],
      checks,
      plainItems: plan.items.filter(({ event }) => !event.isDeadLetter).length,
      ...(created !== null && { createTopic: created }),
      ratePerSecond: input.ratePerSecond,
      canary: isSandbox ? { ...DEFAULT_CANARY, items: 0 } : canaryOf(input.canary, plan.items.length),
      stopAbove: isSandbox ? 1 : input.stopAbove,
      cli: redriveCommand(
        deps.brokersOf(plan.cluster),
        plan.items.map(({ event, targetTopic, targetPartition }) => ({ ...event, targetTopic, targetPartition })),
        notesOf(isSandbox ? [] : targets, checks.schemas),
      ),
    },
  });
}

/** By default one item goes first. There is no canary if it would be all the items: nothing would be held back. */
function canaryOf(asked: RedrivePlanInput["canary"], items: number): RedrivePreview["canary"] {
  const canary = asked ?? DEFAULT_CANARY;
  return canary.items < items ? canary : { ...canary, items: 0 };
}

function targetsOf(
  plan: RedrivePlan,
  onlyGroup: string | null,
  receivers: readonly { topic: string; group: string; trouble: string | null }[],
  idempotent: readonly string[],
): RedrivePreview["targets"] {
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
        declaredIdempotent: isDeclaredIdempotent(group, idempotent),
        trouble,
      })),
    };
  });
}
