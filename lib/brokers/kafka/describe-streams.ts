/** Describes streams groups: their members' tasks, as partitions. */
import type { PartitionRef } from "../ports/partition.ts";
import { type Described, failed } from "./described-group.ts";
import { stateOf } from "./inspect-group-words.ts";
import { infoOf, type ListedGroup } from "./inspect-groups.ts";
import type { Requests, BrokerAddress } from "./inspect-requests.ts";
import { streamsGroupDescribeV0, type DescribedStreamsGroup } from "./inspect-streams.ts";

export async function describeStreams(
  requests: Requests,
  broker: BrokerAddress,
  asked: ReadonlyMap<string, ListedGroup>,
): Promise<Described[]> {
  const { groups } = await requests.toBroker(broker, streamsGroupDescribeV0, [...asked.keys()]);
  return groups.flatMap((raw): Described[] => {
    const group = asked.get(raw.groupId);
    if (group === undefined) return [];
    if (raw.errorCode !== 0) return failed(group, raw.errorCode);
    const read = (tasks: DescribedStreamsGroup["members"][number]["assignment"]): PartitionRef[] =>
      tasks.flatMap((task) =>
        (raw.sources.get(task.subtopologyId) ?? []).flatMap((topic) =>
          task.partitions.map((partition) => ({ topic, partition })),
        ),
      );
    const members = raw.members.map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: member.memberEpoch,
      assignment: read(member.assignment),
      targetAssignment: read(member.targetAssignment),
    }));
    return [
      {
        info: infoOf(group, {
          state: stateOf(raw.groupState),
          generation: raw.groupEpoch,
          members,
          subscription: [...raw.sources.values()].flat(),
        }),
      },
    ];
  });
}
