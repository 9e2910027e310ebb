/** Why a broker of a cluster cannot be connected to: often it advertises an address that is not for Flowtap. */
import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { BrokerFault, isBrokerFault } from "../ports/errors.ts";
import { formatAddress } from "./address.ts";
import { brokerFaultOf } from "./connect-fault.ts";

interface Advertised {
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
}

export function advertisedFaultOf(error: unknown, broker: Advertised, cluster: KafkaClusterConfig): Error {
  const address = formatAddress(broker);
  const fault = brokerFaultOf(error, { ...cluster, brokers: [address] });
  if (!isBrokerFault(fault, "unreachable")) return fault;
  const check = cluster.brokers.includes(address)
    ? ""
    : "; that is the address it advertises, check its advertised.listeners";
  return new BrokerFault(fault.detail, `broker ${broker.nodeId} at ${address}: ${fault.message}${check}`, {
    cause: error,
  });
}
