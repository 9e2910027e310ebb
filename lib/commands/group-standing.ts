/** Where a group stands right now, asked of the broker itself: what a reset's preview, check and run all begin with. */
import type { GroupInfo, Inspector, PartitionRef } from "#lib/brokers/ports.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replays.ts";
import type { PartitionStanding } from "#lib/domain/replay/offset-reset.ts";

export interface GroupStanding {
  readonly info: GroupInfo | null;
  readonly partitions: readonly (PartitionRef & { readonly standing: PartitionStanding })[];
}

const nameOf = ({ topic, partition }: PartitionRef): string => `${topic}/${partition}`;

/** One question after the other: the inspector takes no two at once. Committed offsets first, so that nothing seems to lie ahead of the end. */
export async function readGroupStanding(inspector: Inspector, group: string, topics: OffsetResetPlanInput["topics"], timeMs: number | null): Promise<GroupStanding> {
  const [info] = await inspector.groups([group]);
  const committed = new Map((await inspector.committed([group])).filter((one) => one.group === group).map((one) => [nameOf(one), one]));
  const wanted = topics.length === 0 ? [...committed.values()].map(({ topic, partition }) => ({ topic, partition })) : await partitionsOf(inspector, topics);
  if (wanted.length === 0) return { info: info ?? null, partitions: [] };
  const offsets = await inspector.logOffsets(wanted);
  const atTime = timeMs === null ? new Map<string, bigint>() : await inspector.offsetsAt(wanted, timeMs);
  return {
    info: info ?? null,
    partitions: offsets
      .map(({ topic, partition, logStartOffset, endOffset }) => {
        const name = nameOf({ topic, partition });
        return { topic, partition, standing: { logStartOffset, endOffset, committedOffset: committed.get(name)?.offset ?? null, offsetAtTime: atTime.get(name) ?? null } };
      })
      .sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition)),
  };
}

async function partitionsOf(inspector: Inspector, topics: OffsetResetPlanInput["topics"]): Promise<PartitionRef[]> {
  const known = new Map((await inspector.topics()).map((info) => [info.topic, info.partitions.map(({ partition }) => partition)]));
  return topics.flatMap(({ topic, partitions }) => (known.get(topic) ?? []).filter((partition) => partitions === undefined || partitions.includes(partition)).map((partition) => ({ topic, partition })));
}

/** Who is connected, in words for people. */
export function describeMembers(members: GroupInfo["members"]): string {
  const shown = members.slice(0, 3).map(({ clientId, host }) => `${clientId} (${host.replace(/^\//, "")})`);
  return members.length > shown.length ? `${shown.join(", ")} and ${members.length - shown.length} more` : shown.join(", ");
}
