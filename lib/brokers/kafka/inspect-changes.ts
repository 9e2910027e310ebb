/** What Flowtap changes in a cluster, at a person's request only: a group's offsets, and new topics. */
import { createTopicsV7 } from "@platformatic/kafka";
import { BrokerFault } from "../ports/errors.ts";
import type { GroupInfo } from "../ports/inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { kafkaErrorOf } from "./connect-fault.ts";
import type { Requests } from "./inspect-requests.ts";

const ALREADY_EXISTS: ReadonlySet<string> = new Set(["TOPIC_ALREADY_EXISTS"]);
const BROKERS_DEFAULT = -1;
const CREATE_TIMEOUT_MS = 15_000;
/** The errors by which a coordinator rejects a commit from outside a group that has members. */
const NOT_EMPTY: ReadonlySet<string> = new Set([
  "UNKNOWN_MEMBER_ID",
  "NON_EMPTY_GROUP",
  "REBALANCE_IN_PROGRESS",
  "ILLEGAL_GENERATION",
  "STALE_MEMBER_EPOCH",
  "FENCED_MEMBER_EPOCH",
]);

/** Rejects with the fault `group_not_empty` when the group has members, before the request or by its answer. */
export async function resetOffsets(
  requests: Requests,
  group: string,
  info: GroupInfo | undefined,
  offsets: readonly (PartitionRef & { readonly offset: bigint })[],
): Promise<void> {
  if (info !== undefined && info.fault !== null)
    throw new BrokerFault({ kind: "unknown" }, `The group ${group} cannot be described: ${info.fault}`);
  if (info !== undefined && info.state !== "empty" && info.state !== "dead")
    throw new BrokerFault(
      { kind: "group_not_empty" },
      `The group ${group} is ${info.state} with ${info.members.length} members; ` +
        "its offsets can be reset when it has none.",
    );
  const topics = Map.groupBy(offsets, (at) => at.topic);
  try {
    await requests.ask((admin) =>
      admin.alterConsumerGroupOffsets({
        groupId: group,
        topics: [...topics].map(([name, all]) => ({
          name,
          partitionOffsets: all.map(({ partition, offset }) => ({ partition, offset })),
        })),
      }),
    );
  } catch (error) {
    const refusal = kafkaErrorOf(error, NOT_EMPTY);
    if (refusal === null) throw error;
    const message = `The group ${group} got a member meanwhile (${refusal}).`;
    throw new BrokerFault({ kind: "group_not_empty" }, message, { cause: error });
  }
}

/** With the broker's default replication; a topic that exists already is left as it is. */
export async function createTopic(requests: Requests, topic: string, partitions: number): Promise<void> {
  const created = {
    name: topic,
    numPartitions: partitions,
    replicationFactor: BROKERS_DEFAULT,
    assignments: [],
    configs: [],
  };
  try {
    await requests.toAny(createTopicsV7.api, [created], CREATE_TIMEOUT_MS, false);
  } catch (error) {
    if (kafkaErrorOf(error, ALREADY_EXISTS) === null) throw error;
  }
}
