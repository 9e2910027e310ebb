/** Where a group stands right now, asked of the broker itself: what a reset's preview, check and run all begin with. */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replay-input.ts";
import { compare } from "#lib/domain/text/compare.ts";
import type { ResetPartitionFacts } from "#lib/domain/replay/offset-reset.ts";

export interface GroupCommits {
  readonly info: GroupInfo | null;
  readonly committed: ReadonlyMap<string, PartitionRef & { readonly offset: bigint }>;
}

export type PartitionProgress = PartitionRef & { readonly facts: ResetPartitionFacts };

/** One question after the other: the inspector takes no two at once. */
export async function readGroupCommits(inspector: LogInspector, group: string): Promise<GroupCommits> {
  const [info] = await inspector.groups([group]);
  const committed = new Map(
    (await inspector.committed([group])).filter((one) => one.group === group).map((one) => [partitionKey(one), one]),
  );
  return { info: info ?? null, committed };
}

interface ProgressQuestion {
  readonly wanted: readonly PartitionRef[];
  readonly timeMs: number | null;
  readonly named: ReadonlyMap<string, bigint> | null;
}

/**
 * Asked after the commits, so that nothing seems to lie ahead of the end. Partitions the broker cannot tell
 * of are left out.
 */
export async function readProgress(
  inspector: LogInspector,
  { committed }: GroupCommits,
  { wanted, timeMs, named }: ProgressQuestion,
): Promise<PartitionProgress[]> {
  if (wanted.length === 0) return [];
  const offsets = await inspector.logOffsets(wanted);
  const atTime = timeMs === null ? new Map<string, bigint>() : await inspector.offsetsAt(wanted, timeMs);
  return offsets
    .map(({ topic, partition, logStartOffset, endOffset }) => {
      const name = partitionKey({ topic, partition });
      return {
        topic,
        partition,
        facts: {
          logStartOffset,
          endOffset,
          committedOffset: committed.get(name)?.offset ?? null,
          offsetAtTime: atTime.get(name) ?? null,
          namedOffset: named?.get(name) ?? null,
        },
      };
    })
    .sort((a, b) => compare(a.topic, b.topic) || a.partition - b.partition);
}

export async function partitionsOf(
  inspector: LogInspector,
  topics: OffsetResetPlanInput["topics"],
): Promise<PartitionRef[]> {
  const known = new Map(
    (await inspector.destinations()).map((info) => [info.name, info.partitions.map(({ partition }) => partition)]),
  );
  return topics.flatMap(({ topic, partitions }) =>
    (known.get(topic) ?? [])
      .filter((partition) => partitions === undefined || partitions.includes(partition))
      .map((partition) => ({ topic, partition })),
  );
}

/** Who is connected, in words for people. */
export function describeMembers(members: GroupInfo["members"]): string {
  const shown = members.slice(0, 3).map(({ clientId, host }) => `${clientId} (${host})`);
  return members.length > shown.length
    ? `${shown.join(", ")} and ${members.length - shown.length} more`
    : shown.join(", ");
}
