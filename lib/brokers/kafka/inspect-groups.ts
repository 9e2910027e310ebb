/**
 * Consumer groups of every protocol, as their coordinators tell of them: no request per group, and none to find
 * the coordinators.
 */
import {
  consumerGroupDescribeV0,
  describeGroupsV5,
  listGroupsV4,
  listGroupsV5,
  offsetFetchV8,
} from "@platformatic/kafka";
import type { GroupInfo, GroupMemberInfo } from "../ports/inspector.ts";
import type { CommittedOffset } from "../ports/log-inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { boundedDestinations, boundedMember, boundedText } from "../bounded.ts";
import { faultOf, readAssignment, readSubscription, stateOf, protocolOf, plainHost } from "./inspect-group-words.ts";
import { perBroker, type BrokerAddress, type Requests } from "./inspect-requests.ts";
import {
  DESCRIBE_SHARE_GROUP_OFFSETS,
  describeShareGroupOffsetsV0,
  describeShareGroupOffsetsV1,
  SHARE_GROUP_DESCRIBE,
  shareGroupDescribeV1,
  type AssignedTopic,
  type ShareGroupOffsets,
} from "./inspect-share.ts";
import { STREAMS_GROUP_DESCRIBE, streamsGroupDescribeV0, type DescribedStreamsGroup } from "./inspect-streams.ts";

const GROUPS_PER_REQUEST = 100;
const LIST_GROUPS = 16;
const CONSUMER_GROUP_DESCRIBE = 69;

export interface ListedGroup {
  readonly group: string;
  readonly protocol: GroupInfo["protocol"];
  readonly state: GroupInfo["state"];
  /** the broker that named it: only its coordinator does */
  readonly coordinator: BrokerAddress;
}

export interface GroupListing {
  readonly groups: ReadonlyMap<string, ListedGroup>;
  /** the brokers that could not name theirs, or not all, and why */
  readonly faults: ReadonlyMap<number, string>;
}

export async function listGroups(requests: Requests, brokers: readonly BrokerAddress[]): Promise<GroupListing> {
  const tellsTypes = (await requests.versionOf(LIST_GROUPS)) >= 5;
  const groups = new Map<string, ListedGroup>();
  const faults = new Map<number, string>();
  const listOne = async (_nodeId: number, [broker]: readonly BrokerAddress[]): Promise<never[]> => {
    if (broker === undefined) return [];
    const answer = tellsTypes
      ? await requests.toBroker(broker, listGroupsV5.api, [], [])
      : await requests.toBroker(broker, listGroupsV4.api, [], []);
    if (answer.errorCode !== 0) faults.set(broker.nodeId, faultOf(answer.errorCode, broker));
    for (const raw of answer.groups) {
      const type = "groupType" in raw ? (raw.groupType ?? "") : "";
      groups.set(raw.groupId, {
        group: raw.groupId,
        protocol: protocolOf(type, raw.protocolType),
        state: stateOf(raw.groupState),
        coordinator: broker,
      });
    }
    return [];
  };
  await perBroker(new Map(brokers.map((broker) => [broker.nodeId, [broker]])), 1, listOne, (nodeId, fault) =>
    faults.set(nodeId, boundedText(fault.message)),
  );
  return { groups, faults };
}

/**
 * One answer per group, in their order. What its coordinator cannot tell of a group is what the list said,
 * with the reason.
 */
export async function describeGroups(requests: Requests, listed: readonly ListedGroup[]): Promise<GroupInfo[]> {
  const found = new Map<string, GroupInfo>();
  const faults = new Map<string, string>();
  const describeAll = async (
    of: readonly ListedGroup[],
    describe: (
      requests: Requests,
      broker: BrokerAddress,
      groups: ReadonlyMap<string, ListedGroup>,
    ) => Promise<Described[]>,
  ): Promise<void> => {
    const answers = await perBroker(
      byCoordinator(of),
      GROUPS_PER_REQUEST,
      (_node, chunk) =>
        chunk[0] === undefined
          ? Promise.resolve([])
          : describe(requests, chunk[0].coordinator, new Map(chunk.map((group) => [group.group, group]))),
      (nodeId, fault) => {
        for (const group of of)
          if (group.coordinator.nodeId === nodeId) faults.set(group.group, boundedText(fault.message));
      },
    );
    for (const answer of answers) {
      if ("fault" in answer) faults.set(answer.group, answer.fault);
      else found.set(answer.info.group, answer.info);
    }
  };
  const speaks = async (api: number, version = 0): Promise<boolean> => (await requests.versionOf(api)) >= version;
  const of = (...protocols: GroupInfo["protocol"][]) => listed.filter((group) => protocols.includes(group.protocol));
  await describeAll(of("classic", "simple", "unknown"), describeClassic);
  if (await speaks(CONSUMER_GROUP_DESCRIBE)) await describeAll(of("consumer"), describeConsumer);
  if (await speaks(SHARE_GROUP_DESCRIBE, 1)) await describeAll(of("share"), describeShare);
  if (await speaks(STREAMS_GROUP_DESCRIBE)) await describeAll(of("streams"), describeStreams);
  return listed.map((group) => found.get(group.group) ?? infoOf(group, { fault: faults.get(group.group) ?? null }));
}

type Described = { readonly info: GroupInfo } | { readonly group: string; readonly fault: string };

const COORDINATOR_ERRORS: ReadonlySet<number> = new Set([14, 15, 16]);

/**
 * An answer with an error in it says either that the coordinator is not there, or that the group changed since it was
 * listed: then the list stands.
 */
function refused(group: ListedGroup, errorCode: number): Described[] {
  return COORDINATOR_ERRORS.has(errorCode)
    ? [{ group: group.group, fault: faultOf(errorCode, group.coordinator) }]
    : [];
}

async function describeClassic(
  requests: Requests,
  broker: BrokerAddress,
  asked: ReadonlyMap<string, ListedGroup>,
): Promise<Described[]> {
  const { groups } = await requests.toBroker(broker, describeGroupsV5.api, [...asked.keys()], false);
  return groups.flatMap((raw): Described[] => {
    const group = asked.get(raw.groupId);
    if (group === undefined) return [];
    if (raw.errorCode !== 0) return refused(group, raw.errorCode);
    // A group of a newer protocol answers "Dead" here; what the list said stands.
    if (raw.groupState === "Dead" && group.state !== "dead") return [];
    const consumes = raw.protocolType === "consumer";
    const members = raw.members.map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: consumes ? readAssignment(member.memberAssignment) : [],
      targetAssignment: null,
      epoch: null,
    }));
    return [
      {
        info: infoOf(group, {
          state: stateOf(raw.groupState),
          members,
          subscription: consumes ? raw.members.flatMap((member) => readSubscription(member.memberMetadata)) : [],
        }),
      },
    ];
  });
}

async function describeConsumer(
  requests: Requests,
  broker: BrokerAddress,
  asked: ReadonlyMap<string, ListedGroup>,
): Promise<Described[]> {
  const { groups } = await requests.toBroker(broker, consumerGroupDescribeV0.api, [...asked.keys()], false);
  return groups.flatMap((raw): Described[] => {
    const group = asked.get(raw.groupId);
    if (group === undefined) return [];
    if (raw.errorCode !== 0) return refused(group, raw.errorCode);
    const members = raw.members.map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: member.memberEpoch,
      assignment: partitionsOf(member.assignment.topicPartitions),
      targetAssignment: partitionsOf(member.targetAssignment.topicPartitions),
    }));
    const subscription = raw.members.flatMap((member) => member.subscribedTopicNames);
    return [
      { info: infoOf(group, { state: stateOf(raw.groupState), generation: raw.groupEpoch, members, subscription }) },
    ];
  });
}

async function describeShare(
  requests: Requests,
  broker: BrokerAddress,
  asked: ReadonlyMap<string, ListedGroup>,
): Promise<Described[]> {
  const { groups } = await requests.toBroker(broker, shareGroupDescribeV1, [...asked.keys()]);
  return groups.flatMap((raw): Described[] => {
    const group = asked.get(raw.groupId);
    if (group === undefined) return [];
    if (raw.errorCode !== 0) return refused(group, raw.errorCode);
    const members = raw.members.map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      epoch: member.memberEpoch,
      assignment: partitionsOf(member.assignment),
      targetAssignment: null,
    }));
    return [
      {
        info: infoOf(group, {
          state: stateOf(raw.groupState),
          generation: raw.groupEpoch,
          members,
          subscription: raw.members.flatMap((member) => member.subscribedTopicNames),
        }),
      },
    ];
  });
}

async function describeStreams(
  requests: Requests,
  broker: BrokerAddress,
  asked: ReadonlyMap<string, ListedGroup>,
): Promise<Described[]> {
  const { groups } = await requests.toBroker(broker, streamsGroupDescribeV0, [...asked.keys()]);
  return groups.flatMap((raw): Described[] => {
    const group = asked.get(raw.groupId);
    if (group === undefined) return [];
    if (raw.errorCode !== 0) return refused(group, raw.errorCode);
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

/**
 * What the groups have committed, all partitions of all topics; share groups commit nothing. Groups that answer with an
 * error are left out.
 */
export async function fetchCommitted(requests: Requests, listed: readonly ListedGroup[]): Promise<CommittedOffset[]> {
  return perBroker(
    byCoordinator(listed.filter((group) => group.protocol !== "share")),
    GROUPS_PER_REQUEST,
    async (_node, chunk) => {
      const [first] = chunk;
      if (first === undefined) return [];
      const { groups } = await requests.toBroker(
        first.coordinator,
        offsetFetchV8.api,
        chunk.map(({ group }) => ({ groupId: group, memberId: null, memberEpoch: -1, topics: null })),
        false,
      );
      return groups.flatMap((raw) =>
        raw.errorCode !== 0
          ? []
          : raw.topics.flatMap((topic) =>
              topic.partitions.flatMap((at) =>
                at.errorCode === 0 && at.committedOffset >= 0n
                  ? [
                      {
                        group: raw.groupId,
                        topic: topic.name,
                        partition: at.partitionIndex,
                        offset: at.committedOffset,
                      },
                    ]
                  : [],
              ),
            ),
      );
    },
  );
}

/** Where share groups stand; nothing on brokers that do not tell. */
export async function fetchShareOffsets(
  requests: Requests,
  listed: readonly ListedGroup[],
): Promise<ShareGroupOffsets[]> {
  const sharing = listed.filter((group) => group.protocol === "share");
  const version = sharing.length === 0 ? -1 : await requests.versionOf(DESCRIBE_SHARE_GROUP_OFFSETS);
  if (version < 0) return [];
  return perBroker(byCoordinator(sharing), GROUPS_PER_REQUEST, async (_node, chunk) => {
    const [first] = chunk;
    if (first === undefined) return [];
    const { groups } = await requests.toBroker(
      first.coordinator,
      version >= 1 ? describeShareGroupOffsetsV1 : describeShareGroupOffsetsV0,
      chunk.map(({ group }) => group),
    );
    return groups.filter((group) => group.errorCode === 0);
  });
}

function byCoordinator(listed: readonly ListedGroup[]): Map<number, ListedGroup[]> {
  return Map.groupBy(listed, (group) => group.coordinator.nodeId);
}

/**
 * What the list said of a group, and what more is known. All of it but the name, which is asked by, comes bounded and
 * fit to be stored.
 */
export function infoOf(
  group: ListedGroup,
  more: {
    readonly state?: GroupInfo["state"];
    readonly generation?: number;
    readonly members?: readonly GroupMemberInfo[];
    readonly subscription?: readonly string[];
    readonly fault?: string | null;
  } = {},
): GroupInfo {
  const { members = [], subscription = [], fault = null, generation = null, state = group.state } = more;
  return {
    group: group.group,
    protocol: group.protocol,
    state,
    coordinator: boundedText(`${group.coordinator.host}:${group.coordinator.port}`),
    generation,
    members: members.map((member) => boundedMember({ ...member, host: plainHost(member.host) })),
    subscription: boundedDestinations(subscription),
    fault,
  };
}

const partitionsOf = (topics: readonly AssignedTopic[]): PartitionRef[] =>
  topics.flatMap((topic) => topic.partitions.map((partition) => ({ topic: topic.topicName, partition })));
