import { followKeys, keyHomes } from "#lib/domain/replay/key-home.ts";
import type { RedrivePlan } from "#lib/domain/replay/redrive.ts";
import { readNewestEvents } from "#lib/store/replays/stale.ts";
import type { CommandDeps } from "./deps.ts";

/** The plan with each event where its key lives now, and which events are stale. */
export async function withKeysFollowed(
  { prisma }: CommandDeps,
  plan: RedrivePlan,
  isSandbox: boolean,
): Promise<{
  readonly plan: RedrivePlan;
  readonly newerThan: ReadonlyMap<number, bigint>;
  /** false: it took too long to look */
  readonly isStaleKnown: boolean;
  readonly moved: number;
}> {
  if (isSandbox) return { plan, newerThan: new Map(), isStaleKnown: true, moved: 0 };
  const newest = await readNewestEvents(prisma, plan.cluster, plan.items);
  const items = followKeys(plan.items, keyHomes(plan.items, newest ?? []));
  // Asked again: what followed its key may stand in another place of the order.
  const homes = keyHomes(items, newest ?? []);
  return {
    plan: { ...plan, items },
    newerThan: new Map([...homes].flatMap(([seq, { newer }]) => (newer === null ? [] : [[seq, newer]]))),
    isStaleKnown: newest !== null,
    moved: items.filter(
      ({ event, targetPartition }) => targetPartition !== null && targetPartition !== event.originalPartition,
    ).length,
  };
}
