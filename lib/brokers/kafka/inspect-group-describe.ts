/**
 * Members, assignments and subscriptions of consumer groups of every protocol. Each coordinator is asked for all its
 * groups at once; the list of groups has already named the coordinators.
 */
import { consumerGroupDescribeV0, describeGroupsV5 } from "@platformatic/kafka";
import { boundedText } from "../bounded.ts";
import type { GroupInfo } from "../ports/inspector.ts";
import { readAssignment, readSubscription, stateOf } from "./inspect-group-words.ts";
import { byCoordinator, GROUPS_PER_REQUEST, infoOf, type ListedGroup } from "./inspect-groups.ts";
import { type BrokerAddress, type Requests } from "./inspect-requests.ts";
import { perBroker } from "./per-broker.ts";
import { SHARE_GROUP_DESCRIBE, shareGroupDescribeV1 } from "./inspect-share.ts";
import { STREAMS_GROUP_DESCRIBE } from "./inspect-streams.ts";
import { describeStreams } from "./describe-streams.ts";
import { type Described, failed, partitionsOf } from "./described-group.ts";

const CONSUMER_GROUP_DESCRIBE = 69;

/**
 * One answer per group, in the given order. A group that its coordinator cannot describe is returned as it was listed,
 * with the reason in `fault`.
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
  const supports = async (api: number, version = 0): Promise<boolean> => (await requests.versionOf(api)) >= version;
  const of = (...protocols: GroupInfo["protocol"][]) => listed.filter((group) => protocols.includes(group.protocol));
  await describeAll(of("classic", "simple", "unknown"), describeClassic);
  if (await supports(CONSUMER_GROUP_DESCRIBE)) await describeAll(of("consumer"), describeConsumer);
  if (await supports(SHARE_GROUP_DESCRIBE, 1)) await describeAll(of("share"), describeShare);
  if (await supports(STREAMS_GROUP_DESCRIBE)) await describeAll(of("streams"), describeStreams);
  return listed.map((group) => found.get(group.group) ?? infoOf(group, { fault: faults.get(group.group) ?? null }));
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
    if (raw.errorCode !== 0) return failed(group, raw.errorCode);
    // This request reports groups of newer protocols as "Dead"; they stay as they were listed.
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
    if (raw.errorCode !== 0) return failed(group, raw.errorCode);
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
    if (raw.errorCode !== 0) return failed(group, raw.errorCode);
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
