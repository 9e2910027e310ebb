/** What our own readers read of a topic, a line a record as the Java consumer of e2e/apps/kafka-batches writes it. */
import { crc32 } from "node:zlib";
import type { LogRecord } from "../ports/log-source.ts";
import type { PartitionRef } from "../ports/partition.ts";
import type { ReadLimits } from "../ports/reader.ts";
import { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { openKafka } from "./broker.ts";

const clusterOf = (brokers: readonly string[]) => KafkaClusterConfig.parse({ name: "test", brokers: [...brokers] });

/** As the tap reads: all partitions of the topic at the same time, each from its start to its end. */
export async function readByLogSource(
  brokers: readonly string[],
  topic: string,
  ends: readonly bigint[],
): Promise<string[][]> {
  const source = openKafka(clusterOf(brokers)).openLogSource(openLog("test"));
  const lines: string[][] = ends.map(() => []);
  const left = new Set(ends.flatMap((end, partition) => (end > 0n ? [partition] : [])));
  const done = Promise.withResolvers<void>();
  source.start({
    positionsOf: (partitions) =>
      Promise.resolve(partitions.map(() => ({ offset: 0n, resumeFrom: 0n, leaderEpoch: -1 }))),
    onBatch: async ({ partition, records, nextOffset }) => {
      for (const record of records) lines[partition]?.push(lineOf(partition, record));
      if (nextOffset < (ends[partition] as bigint)) return;
      left.delete(partition);
      if (left.size === 0) done.resolve();
      return Promise.resolve();
    },
    onGap: (at) => done.reject(new Error(`a gap in ${at.topic}[${at.partition}]`)),
    onTruncated: (at) => done.reject(new Error(`${at.topic}[${at.partition}] was truncated`)),
    onReading: () => undefined,
    onFault: (_partitions, fault) => done.reject(fault),
  });
  source.assign(ends.map((_, partition) => ({ topic, partition, generation: 1, topicId: null })));
  try {
    await done.promise;
  } finally {
    await source.stop();
  }
  return lines;
}

/** As the web reads: stretch by stretch, each with limits of its own. */
export async function readByReader(
  brokers: readonly string[],
  at: PartitionRef,
  { from, end, limits }: { readonly from: bigint; readonly end: bigint; readonly limits: () => ReadLimits },
): Promise<string[]> {
  const reader = openKafka(clusterOf(brokers)).openReader();
  const lines: string[] = [];
  try {
    for (let next = from; next < end; ) {
      const { records, nextOffset } = await reader.read(at, next, limits());
      if (nextOffset <= next) throw new Error(`${at.topic}[${at.partition}] is not read on from ${next}`);
      for (const record of records) lines.push(lineOf(at.partition, record));
      next = nextOffset;
    }
  } finally {
    await reader.close();
  }
  return lines;
}

function lineOf(partition: number, record: LogRecord): string {
  const { offset, timestampMs, key, value, headers, headersLeftOut = 0, unreadable } = record;
  if (unreadable !== undefined) return `${partition} ${offset} ${unreadable}`;
  let crc = addTo(0, key);
  crc = addTo(crc, value);
  for (const [name, bytes] of headers) crc = addTo(addTo(crc, Buffer.from(name)), bytes);
  return `${partition} ${offset} ${timestampMs} ${crc32(lengthOf(headers.length + headersLeftOut), crc)}`;
}

function addTo(crc: number, bytes: Uint8Array | null): number {
  const after = crc32(lengthOf(bytes?.length ?? -1), crc);
  return bytes === null ? after : crc32(bytes, after);
}

function lengthOf(length: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(length);
  return bytes;
}
