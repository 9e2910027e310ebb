/** Consumer groups of every protocol, as their coordinators tell of them: no request per group, and none to find the coordinators. */
import { consumerGroupDescribeV0, decodeConsumerProtocolAssignment, describeGroupsV5, listGroupsV4, listGroupsV5, offsetFetchV8 } from "@platformatic/kafka";
import type { CommittedOffset, GroupInfo, PartitionRef } from "../ports.ts";
import { perBroker, type BrokerAddress, type Requests } from "./inspect-requests.ts";

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

export async function listGroups(requests: Requests, brokers: readonly BrokerAddress[]): Promise<Map<string, ListedGroup>> {
  const tellsTypes = (await requests.versionOf(LIST_GROUPS)) >= 5;
  const listed = new Map<string, ListedGroup>();
  const answers = await Promise.all(brokers.map(async (broker) => ({ broker, groups: tellsTypes ? (await requests.toBroker(broker, listGroupsV5.api, [], [])).groups : (await requests.toBroker(broker, listGroupsV4.api, [], [])).groups })));
  for (const { broker, groups } of answers) {
    for (const raw of groups) {
      const type = "groupType" in raw ? (raw.groupType ?? "") : "";
      listed.set(raw.groupId, { group: raw.groupId, protocol: protocolOf(type, raw.protocolType), state: stateOf(raw.groupState), coordinator: broker });
    }
  }
  return listed;
}

export async function describeGroups(requests: Requests, listed: readonly ListedGroup[]): Promise<GroupInfo[]> {
  const canDescribeConsumer = (await requests.versionOf(CONSUMER_GROUP_DESCRIBE)) >= 0;
  const consumer = listed.filter((group) => group.protocol === "consumer" && canDescribeConsumer);
  const classic = listed.filter((group) => group.protocol === "classic" || group.protocol === "simple" || group.protocol === "unknown");
  const found = new Map<string, GroupInfo>();
  const keep = (infos: readonly GroupInfo[]) => {
    for (const info of infos) found.set(info.group, info);
  };
  keep(await perBroker(byCoordinator(classic), GROUPS_PER_REQUEST, (_node, chunk) => describeClassic(requests, chunk)));
  keep(await perBroker(byCoordinator(consumer), GROUPS_PER_REQUEST, (_node, chunk) => describeConsumer(requests, chunk)));
  // Share and streams groups, and any that changed while being asked about: what the list said of them.
  return listed.map((group) => found.get(group.group) ?? infoOf(group, group.state, []));
}

async function describeClassic(requests: Requests, chunk: readonly ListedGroup[]): Promise<GroupInfo[]> {
  const [first] = chunk;
  if (first === undefined) return [];
  const { groups } = await requests.toBroker(first.coordinator, describeGroupsV5.api, chunk.map((group) => group.group), false);
  const listed = new Map(chunk.map((group) => [group.group, group]));
  return groups.flatMap((raw) => {
    const group = listed.get(raw.groupId);
    // A group of a newer protocol answers "Dead" here; what the list said stands.
    if (group === undefined || raw.errorCode !== 0 || (raw.groupState === "Dead" && group.state !== "dead")) return [];
    return [infoOf(group, stateOf(raw.groupState), raw.members.map((member) => ({ memberId: member.memberId, clientId: member.clientId, host: member.clientHost, assignment: raw.protocolType === "consumer" ? decodeAssignment(member.memberAssignment) : [] })))];
  });
}

async function describeConsumer(requests: Requests, chunk: readonly ListedGroup[]): Promise<GroupInfo[]> {
  const [first] = chunk;
  if (first === undefined) return [];
  const { groups } = await requests.toBroker(first.coordinator, consumerGroupDescribeV0.api, chunk.map((group) => group.group), false);
  const listed = new Map(chunk.map((group) => [group.group, group]));
  return groups.flatMap((raw) => {
    const group = listed.get(raw.groupId);
    if (group === undefined || raw.errorCode !== 0) return [];
    const members = raw.members.map((member) => ({
      memberId: member.memberId,
      clientId: member.clientId,
      host: member.clientHost,
      assignment: member.assignment.topicPartitions.flatMap((topic) => topic.partitions.map((partition) => ({ topic: topic.topicName, partition }))),
    }));
    return [infoOf(group, stateOf(raw.groupState), members)];
  });
}

/** What the groups have committed, all partitions of all topics; groups that answer with an error are left out. */
export async function fetchCommitted(requests: Requests, listed: readonly ListedGroup[]): Promise<CommittedOffset[]> {
  return perBroker(byCoordinator(listed), GROUPS_PER_REQUEST, async (_node, chunk) => {
    const [first] = chunk;
    if (first === undefined) return [];
    const { groups } = await requests.toBroker(first.coordinator, offsetFetchV8.api, chunk.map(({ group }) => ({ groupId: group, memberId: null, memberEpoch: -1, topics: null })), false);
    return groups.flatMap((raw) =>
      raw.errorCode !== 0 ? [] : raw.topics.flatMap((topic) => topic.partitions.flatMap((at) => (at.errorCode === 0 && at.committedOffset >= 0n ? [{ group: raw.groupId, topic: topic.name, partition: at.partitionIndex, offset: at.committedOffset }] : []))),
    );
  });
}

function byCoordinator(listed: readonly ListedGroup[]): Map<number, ListedGroup[]> {
  return Map.groupBy(listed, (group) => group.coordinator.nodeId);
}

function infoOf(group: ListedGroup, state: GroupInfo["state"], members: GroupInfo["members"]): GroupInfo {
  return { group: group.group, protocol: group.protocol, state, coordinator: `${group.coordinator.host}:${group.coordinator.port}`, members };
}

function decodeAssignment(bytes: Buffer): PartitionRef[] {
  try {
    return decodeConsumerProtocolAssignment(bytes).assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
  } catch {
    // A member may carry any bytes; one that says nothing readable is shown without its partitions.
    return [];
  }
}

export function protocolOf(groupType: string, protocolType: string): GroupInfo["protocol"] {
  switch (groupType.toLowerCase()) {
    case "consumer":
    case "share":
    case "streams":
      return groupType.toLowerCase() as "consumer" | "share" | "streams";
    case "classic":
    case "":
      if (protocolType === "share") return "share";
      // Offsets stored by hand, with no member ever: Kafka gives such a group no protocol.
      return protocolType === "" ? "simple" : "classic";
    default:
      return "unknown";
  }
}

export function stateOf(state: string): GroupInfo["state"] {
  switch (state.toLowerCase().replaceAll(/[^a-z]/g, "")) {
    case "stable":
      return "stable";
    case "empty":
      return "empty";
    case "dead":
      return "dead";
    case "preparingrebalance":
    case "completingrebalance":
    case "assigning":
    case "reconciling":
    case "notready":
      return "rebalancing";
    default:
      return "unknown";
  }
}
