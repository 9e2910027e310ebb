/** What brokers and members report about groups, as the ports' types. Members may send any bytes. */
import { decodeConsumerProtocolAssignment, decodeConsumerProtocolSubscription } from "@platformatic/kafka";
import type { GroupInfo } from "../ports/inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { boundedText } from "../bounded.ts";
import type { BrokerAddress } from "./inspect-requests.ts";
import { kafkaErrorOfCode } from "./protocol-error.ts";

/** Brokers write an address as Java does: name, slash, IP address; the name is mostly empty. */
export const plainHost = (address: string): string => address.replace(/^\//, "");

/** A member whose assignment cannot be read is shown without partitions. */
export function readAssignment(bytes: Buffer): PartitionRef[] {
  try {
    return decodeConsumerProtocolAssignment(bytes).assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    );
  } catch {
    return [];
  }
}

/** The topics a member of the classic protocol subscribes to; empty when they cannot be read. */
export function readSubscription(bytes: Buffer): string[] {
  try {
    return decodeConsumerProtocolSubscription(bytes).topics;
  } catch {
    return [];
  }
}

export function faultOf(errorCode: number, broker: BrokerAddress): string {
  const { apiId, message } = kafkaErrorOfCode(errorCode);
  return boundedText(`the coordinator ${broker.host}:${broker.port} answers ${apiId} (${message})`);
}

/**
 * The commit log's partition for a group; its leader is the group's coordinator. Kafka takes Java's String.hashCode
 * modulo the number of partitions.
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
      // The offsets of such a group were committed without any member: Kafka gives it no protocol.
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
