/** Which forms of batches lie in a partition: a test of all of them must have met each. */
import { openRequests } from "./inspect-requests.ts";
import { readLayout } from "./inspect-layout.ts";
import { FETCH, fetchApiFor } from "./fetch/fetch-api.ts";
import { batchesOf } from "./fetch/record-batch.ts";
import { partitionKey } from "../partition-key.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { KafkaClusterConfig } from "#lib/config/cluster.ts";

const CODECS = ["none", "gzip", "snappy", "lz4", "zstd"];
const ENOUGH_BYTES = 64 * 1024 * 1024;

/** How many batches of each form; those of at least 100,000 records are `huge` as well. */
export async function censusOf(
  brokers: readonly string[],
  partitions: readonly PartitionRef[],
): Promise<Map<string, number>> {
  const requests = openRequests(KafkaClusterConfig.parse({ name: "test", brokers: [...brokers] }));
  const counts = new Map<string, number>();
  const count = (form: string) => counts.set(form, (counts.get(form) ?? 0) + 1);
  try {
    const layout = await readLayout(requests);
    const api = fetchApiFor(await requests.versionOf(FETCH));
    for (const at of partitions) {
      const broker = layout.brokers.get(layout.leaders.get(partitionKey(at)) ?? -1);
      if (broker === undefined) throw new Error(`${partitionKey(at)} has no leader`);
      for (let next = 0n; ; ) {
        const from = next;
        const answer = await requests.toBroker(broker, api, {
          ...{ maxWaitMs: 0, minBytes: 0, maxBytes: ENOUGH_BYTES, isolation: "read_committed" as const },
          ...{ sessionId: 0, sessionEpoch: -1, forgotten: [] },
          topics: [
            {
              topic: at.topic,
              topicId: layout.topicIds.get(at.topic) ?? "",
              partitions: [
                { partition: at.partition, fetchOffset: next, lastFetchedEpoch: -1, maxBytes: ENOUGH_BYTES },
              ],
            },
          ],
        });
        const fetched = answer.topics[0]?.partitions[0];
        for (const batch of batchesOf(fetched?.records ?? Buffer.alloc(0))) {
          count(CODECS[batch.codec] ?? "unknown codec");
          if (batch.isControl) count("control");
          else if (batch.isTransactional) count("transactional");
          if (batch.count === 0) count("empty");
          else if (batch.count < Number(batch.lastOffset - batch.baseOffset) + 1) count("with holes");
          if (batch.count >= 100_000) count("huge");
          if (batch.hasLogAppendTime) count("append time");
          if (batch.producerId < 0n) count("not idempotent");
          next = batch.lastOffset + 1n;
        }
        for (let left = fetched?.aborted.length ?? 0; left > 0; left--) count("aborted");
        if (next === from) break;
      }
    }
    return counts;
  } finally {
    await requests.close();
  }
}
