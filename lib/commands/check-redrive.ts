/** What speaks against a planned redrive: some of it leaves events out, the rest is said. */
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { codeSince } from "#lib/domain/replay/code-since.ts";
import type { RedrivePlan } from "#lib/domain/replay/redrive.ts";
import type { EventToReplay } from "#lib/domain/replay/event-to-replay.ts";
import { readFailedIn, readRunsOf, readRunsOfEvents } from "#lib/store/replays/checks.ts";
import { nullOnBrokerFault, type CommandDeps } from "./deps.ts";
import { checkBodies, type Bodies } from "./check-bodies.ts";

export interface CheckedRedrive {
  /** without what cannot be sent */
  readonly plan: RedrivePlan;
  readonly checks: Omit<NonNullable<RedrivePreview["checks"]>, "moved">;
}

const NOT_CHECKED: Bodies = {
  refused: new Map(),
  checked: 0,
  brokenJson: 0,
  schemas: { matching: 0, differing: 0, first: [], unchecked: [] },
};

export async function checkRedrive(
  deps: CommandDeps,
  chosen: readonly EventToReplay[],
  planned: RedrivePlan,
  isSandbox: boolean,
): Promise<CheckedRedrive> {
  const targets = [...new Set(planned.items.map(({ targetTopic }) => targetTopic))];
  const limits = await limitsOf(deps, planned.cluster, targets);
  const reader = deps.readerOf(planned.cluster);
  const bodies =
    reader === null
      ? NOT_CHECKED
      : await checkBodies(reader, planned.items, (topic) => limits.get(topic) ?? null, deps.bodySchemas);
  const items = planned.items.filter((_, seq) => !bodies.refused.has(seq));
  const refusedSeqs = [...bodies.refused.keys()];
  const { first, ...schemas } = bodies.schemas;
  const excluded = new Map(planned.excluded);
  for (const reason of bodies.refused.values()) excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
  const [failedIn, before, again] = isSandbox
    ? [[], [], []]
    : await Promise.all([
        readFailedIn(
          deps.prisma,
          items.flatMap(({ event: { failureId } }) => failureId ?? []),
        ),
        readRunsOf(deps.prisma, chosen),
        readRunsOfEvents(deps.prisma, items),
      ]);
  return {
    plan: { ...planned, items, excluded },
    checks: {
      size: targets.map((topic) => ({ topic, maxBytes: limits.get(topic) ?? null })),
      bodies: {
        checked: bodies.checked,
        notChecked: planned.items.length - bodies.checked,
        brokenJson: bodies.brokenJson,
      },
      // Items move up where others before them cannot be sent.
      schemas: {
        ...schemas,
        first: first.map(({ seq, schema, why }) => ({
          item: seq - refusedSeqs.filter((refused) => refused < seq).length,
          schema,
          why,
        })),
      },
      code: failedIn.map(({ group, failedLast, watchedSince, deployedAt }) => ({
        group,
        state: codeSince(
          { deployedAtMs: deployedAt?.getTime() ?? null, watchedSinceMs: watchedSince?.getTime() ?? null },
          failedLast.getTime(),
        ),
        deployedAt: deployedAt?.toISOString() ?? null,
        watchedSince: watchedSince?.toISOString() ?? null,
        failedLast: failedLast.toISOString(),
      })),
      sentBefore: [
        ...before.map((one) => ({ ...one, leftOut: true })),
        ...again.map((one) => ({ ...one, leftOut: false })),
      ],
    },
  };
}

/** What the broker does not tell is left out. */
async function limitsOf(
  deps: CommandDeps,
  cluster: string,
  topics: readonly string[],
): Promise<Map<string, number | null>> {
  const settings = await deps.inspectorOf(cluster)?.settings(topics).catch(nullOnBrokerFault);
  return new Map([...(settings ?? [])].map(([topic, { maxMessageBytes }]) => [topic, maxMessageBytes]));
}
