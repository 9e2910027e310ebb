import { BrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogInspector, PartitionLogOffsets } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";

/** Where the logs of these partitions end. Of unknown ends nothing could be found again that is sent there. */
export async function targetLogs(
  partitions: readonly PartitionRef[],
  inspector: LogInspector,
): Promise<PartitionLogOffsets[]> {
  const logs = await inspector.logOffsets(partitions);
  if (logs.length < partitions.length)
    throw new BrokerFault(
      { kind: "refused" },
      `${partitions.length - logs.length} partitions of the target cannot be asked for their end`,
    );
  return logs;
}
