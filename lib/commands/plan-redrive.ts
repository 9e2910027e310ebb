import type { AppError } from "#lib/contracts/errors.ts";
import type { RedrivePlanInput } from "#lib/contracts/replay-input.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { sourceByName } from "#lib/domain/failure/topic-names.ts";
import { redriveCommand } from "#lib/domain/replay/command-line.ts";
import { retryTopicOf } from "#lib/domain/replay/one-group.ts";
import { planRedrive } from "#lib/domain/replay/redrive.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { withChoice } from "#lib/store/replays/chosen-preview.ts";
import { readPartitionCounts, readRetryTopics } from "#lib/store/replays/plan.ts";
import { invalid, type CommandDeps } from "./deps.ts";
import { checkRedrive } from "./check-redrive.ts";
import type { Preview } from "./preview.ts";
import { checkSandbox } from "./sandbox.ts";
import { selectEvents } from "./select-events.ts";
import { withKeysFollowed } from "./follow-keys.ts";
import { namedTargetsOf } from "./named-targets.ts";
import { excludedOf, notesOf } from "./redrive-notes.ts";
import { targetsOf } from "./redrive-targets.ts";

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
  const byName = events.flatMap(({ sourceTopic }) => sourceByName(sourceTopic) ?? []);
  const partitions = await readPartitionCounts(prisma, [
    ...(targetTopic === null ? [] : [targetTopic]),
    ...origins,
    ...byName,
  ]);
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
  const checked = await checkRedrive(deps, events, planned, isSandbox);
  const excluded = excludedOf(checked.plan, expired, offsetsNotRead);
  if (checked.plan.items.length === 0)
    return err({
      code: "conflict",
      message: `Nothing to send. ${excluded.map(({ reason, items }) => `${items}: ${reason}.`).join(" ")}`,
    });
  const { plan, newerThan, isStaleKnown, moved } = await withKeysFollowed(deps, checked.plan, isSandbox);
  const checks = { ...checked.checks, moved };
  const groups = new Set(plan.items.map(({ event }) => event.groupName));
  const targets = await targetsOf(deps, plan, onlyGroup);
  const namedTargets =
    targetTopic === null
      ? await namedTargetsOf(deps, plan.cluster, plan.items, (topic) => partitionsOf(plan.cluster, topic) !== null)
      : [];
  const { preview, out } = withChoice(
    {
      kind: "redrive",
      items: plan.items.length,
      excluded,
      to,
      targets,
      leftOut: [],
      partitions: [],
      keys: [],
      stale: { items: isStaleKnown ? newerThan.size : null, choice: "ask" },
      namedTargets,
      excludedByHand: [],
      checks,
      plainItems: plan.items.filter(({ event }) => !event.isDeadLetter).length,
      ...(created !== null && { createTopic: created }),
      time: input.time,
      ratePerSecond: input.ratePerSecond,
      canary: isSandbox ? { ...DEFAULT_CANARY, items: 0 } : canaryOf(input.canary, plan.items.length),
      stopAbove: isSandbox ? 1 : input.stopAbove,
      cli: "",
    },
    plan.items.map((item, seq) => ({
      ...item,
      seq,
      sourceTopic: item.event.sourceTopic,
      key: item.event.key,
      isStale: newerThan.has(seq),
    })),
  );
  return ok({
    cluster: plan.cluster,
    group: isSandbox ? null : (onlyGroup ?? (groups.size === 1 ? ([...groups][0] ?? null) : null)),
    items: plan.items,
    newerThan,
    leftOut: out,
    preview: {
      ...preview,
      // Nothing is stale by choice yet: what is left out has a target that only the records name.
      cli: redriveCommand(
        deps.brokersOf(plan.cluster),
        plan.items
          .filter((_, seq) => !out.has(seq))
          .map(({ event, targetTopic, targetPartition }) => ({ ...event, targetTopic, targetPartition })),
        notesOf(isSandbox ? [] : targets, namedTargets, checks.schemas),
      ),
    },
  });
}

/** By default one item goes first. There is no canary if it would be all the items: nothing would be held back. */
function canaryOf(asked: RedrivePlanInput["canary"], items: number): RedrivePreview["canary"] {
  const canary = asked ?? DEFAULT_CANARY;
  return canary.items < items ? canary : { ...canary, items: 0 };
}
