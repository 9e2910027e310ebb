/** The consumer groups of a cluster, of every protocol, as its brokers list them. */
import { listGroupsV4, listGroupsV5 } from "@platformatic/kafka";
import { boundedDestinations, boundedMember, boundedText } from "../bounded.ts";
import type { GroupInfo, GroupMemberInfo } from "../ports/inspector.ts";
import { faultOf, plainHost, protocolOf, stateOf } from "./inspect-group-words.ts";
import { type BrokerAddress, type Requests } from "./inspect-requests.ts";
import { perBroker } from "./per-broker.ts";

/** of describe and offset requests */
export const GROUPS_PER_REQUEST = 100;
const LIST_GROUPS = 16;

export interface ListedGroup {
  readonly group: string;
  readonly protocol: GroupInfo["protocol"];
  readonly state: GroupInfo["state"];
  /** the broker that listed it: a broker lists only the groups it coordinates */
  readonly coordinator: BrokerAddress;
}

export interface GroupListing {
  readonly groups: ReadonlyMap<string, ListedGroup>;
  /** by broker: why it could not list its groups, or not all of them */
  readonly faults: ReadonlyMap<number, string>;
}

export async function listGroups(requests: Requests, brokers: readonly BrokerAddress[]): Promise<GroupListing> {
  const hasTypes = (await requests.versionOf(LIST_GROUPS)) >= 5;
  const groups = new Map<string, ListedGroup>();
  const faults = new Map<number, string>();
  const listOne = async (_nodeId: number, [broker]: readonly BrokerAddress[]): Promise<never[]> => {
    if (broker === undefined) return [];
    const answer = hasTypes
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

export function byCoordinator(listed: readonly ListedGroup[]): Map<number, ListedGroup[]> {
  return Map.groupBy(listed, (group) => group.coordinator.nodeId);
}

/**
 * A group as listed, with whatever more is known. Texts are bounded and storable, except the name: requests need it
 * unchanged.
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
