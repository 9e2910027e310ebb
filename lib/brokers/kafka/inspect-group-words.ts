/** What brokers and members say of groups, in the words of the ports. Members may carry any bytes. */
import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  ProtocolError,
} from "@platformatic/kafka";
import type { GroupInfo } from "../ports/inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { boundedText } from "../bounded.ts";
import type { BrokerAddress } from "./inspect-requests.ts";

/** Brokers write an address as Java prints it: name, slash, number, mostly without the name. */
export const plainHost = (address: string): string => address.replace(/^\//, "");

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
