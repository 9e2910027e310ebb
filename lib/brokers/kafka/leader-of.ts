/** Who leads a partition, by what a broker answered about its topic. */
import { partitionWords } from "#lib/domain/text/words.ts";
import { partitionKey } from "../partition-key.ts";
import { BrokerFault } from "../ports/errors.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { UNKNOWN_TOPIC, type Layout } from "./inspect-layout.ts";
import type { BrokerAddress } from "./inspect-requests.ts";
import { kafkaErrorOfCode } from "./protocol-error.ts";

export interface Leader {
  readonly broker: BrokerAddress;
  /** "": the broker tells none */
  readonly topicId: string;
}

/** Throws a BrokerFault when there is none. A partition without a leader does not affect the others. */
export function leaderOf({ leaders, brokers, topicIds, refused }: Layout, ref: PartitionRef): Leader {
  const name = partitionWords(ref);
  const nodeId = leaders.get(partitionKey(ref));
  const broker = brokers.get(nodeId ?? -1);
  if (broker !== undefined) return { broker, topicId: topicIds.get(ref.topic) ?? "" };
  const refusal = refused.get(ref.topic);
  if (refusal !== undefined && refusal !== UNKNOWN_TOPIC) throw readFault(name, refusal);
  if (nodeId === undefined) throw new BrokerFault({ kind: "refused" }, `there is no ${name} on this cluster`);
  throw new BrokerFault({ kind: "unreachable" }, `${name} has no leader at the moment`);
}

/** Why a partition could not be read, by the code that its broker answers. */
export function readFault(name: string, errorCode: number): BrokerFault {
  const { apiId, message } = kafkaErrorOfCode(errorCode);
  return apiId.endsWith("_AUTHORIZATION_FAILED")
    ? new BrokerFault(
        { kind: "not_authorized" },
        `the broker does not let Flowtap read ${name} (${apiId}); docs/operations.md lists the rights it needs`,
      )
    : new BrokerFault({ kind: "refused" }, `${name} could not be read: ${apiId} (${message})`);
}
