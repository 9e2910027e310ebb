/** What brokers and members say of groups, in the words of the ports. Members may carry any bytes. */
import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  ProtocolError,
} from "@platformatic/kafka";
import { hash64Hex } from "#lib/domain/message/hash.ts";
import { cleanText, cutText } from "#lib/domain/text/text.ts";
import type { GroupInfo, GroupMemberInfo } from "../ports/inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import type { BrokerAddress } from "./inspect-requests.ts";

const LONGEST_TEXT = 300;
/** so many partitions of one member; more than the largest clusters have */
const MOST_PARTITIONS = 100_000;
/** over all that the members of a group subscribe to */
const MOST_TOPICS = 20_000;
/** What brokers take as a topic's name: Kafka up to 249 characters, Event Hubs up to 256. */
const TOPIC = /^[\w.-]{1,256}$/;

/** No topic bears any other name, whoever names it. */
export const isTopicName = (name: string): boolean => TOPIC.test(name);

/** What a client says of itself, or an error says, as it can be stored and shown. */
export const boundedText = (text: string): string => cutText(cleanText(text.toWellFormed()), LONGEST_TEXT);

/** Brokers tell an address as Java prints it: name, slash, number, mostly without the name. */
export const plainHost = (address: string): string => address.replace(/^\//, "");

/** An id that had to be changed for that stays another one than every other, by its hash. */
export function boundedId(id: string): string {
  const text = boundedText(id);
  return text === id ? id : `${cutText(text, LONGEST_TEXT - 17)}~${hash64Hex(id)}`;
}

/** A member as it can be stored and shown. Partitions that cannot be there are left out. */
export function boundedMember({
  memberId,
  clientId,
  host,
  assignment,
  targetAssignment,
  epoch,
}: GroupMemberInfo): GroupMemberInfo {
  return {
    memberId: boundedId(memberId),
    clientId: boundedText(clientId),
    host: boundedText(plainHost(host)),
    assignment: boundedPartitions(assignment),
    targetAssignment: targetAssignment === null ? null : boundedPartitions(targetAssignment),
    epoch,
  };
}

const boundedPartitions = (refs: readonly PartitionRef[]): PartitionRef[] =>
  refs.filter(({ topic, partition }) => partition >= 0 && isTopicName(topic)).slice(0, MOST_PARTITIONS);

/** The topics that members name, each once, in order. */
export const boundedTopics = (names: readonly string[]): string[] =>
  [...new Set(names.filter(isTopicName))].slice(0, MOST_TOPICS).sort();

/** A member that says nothing readable is shown without its partitions. */
export function readAssignment(bytes: Buffer): PartitionRef[] {
  try {
    return decodeConsumerProtocolAssignment(bytes).assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  } catch {
    return [];
  }
}

/** The topics a member of the classic protocol subscribes to; none where that cannot be read. */
export function readSubscription(bytes: Buffer): string[] {
  try {
    return decodeConsumerProtocolSubscription(bytes).topics;
  } catch {
    return [];
  }
}

export function faultOf(errorCode: number, broker: BrokerAddress): string {
  const { apiId, message } = new ProtocolError(errorCode) as ProtocolError & { apiId: string };
  return boundedText(`the coordinator ${broker.host}:${broker.port} says ${apiId} (${message})`);
}

/**
 * Which partition of the commit log, and so which coordinator, a group belongs to: Java's String.hashCode, as
 * Kafka takes it.
 */
export function commitLogPartition(group: string, partitions: number): number {
  let hash = 0;
  for (let i = 0; i < group.length; i++) hash = (Math.imul(31, hash) + group.charCodeAt(i)) | 0;
  return (hash === -0x80000000 ? 0 : Math.abs(hash)) % partitions;
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
