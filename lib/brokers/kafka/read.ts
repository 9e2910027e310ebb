/**
 * Reads ranges of a partition from its leader without joining a group, so that users of the broker see no consumer.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { fetchV12, fetchV13, fetchV17, ListOffsetTimestamps, ProtocolError } from "@platformatic/kafka";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { BrokerFault } from "../ports/errors.ts";
import type { PartitionRef } from "../ports/partition.ts";
import type { Reader, ReadLimits, Stretch } from "../ports/reader.ts";
import { openRequests, type BrokerAddress, type Requests } from "./inspect-requests.ts";
import { committedRecords, type FetchedPartition } from "./read-batches.ts";

// Each lane has its own connections, because a broker answers the requests of one connection in order.
const LANES = 3;
// A fetch is decoded as a whole, so it is no larger than what is asked for: the first few records of a long log must
// not cost megabytes.
const FETCH_BYTES = { least: 64 * 1024, perRecord: 256, most: 1024 * 1024 } as const;
const HUNG_AFTER_MS = 1000;

const FETCH = 1;
const READ_COMMITTED = 1;
/**
 * A fetch without a session (KIP-227): sessions only help continuous readers, and they end at the first error.
 */
const NO_SESSION = [0, -1] as const;
const OFFSET_OUT_OF_RANGE = "OFFSET_OUT_OF_RANGE";
const MOVED: ReadonlySet<string> = new Set([
  "NOT_LEADER_OR_FOLLOWER",
  "UNKNOWN_TOPIC_ID",
  "UNKNOWN_TOPIC_OR_PARTITION",
  "FENCED_LEADER_EPOCH",
  "REPLICA_NOT_AVAILABLE",
]);

interface Lane {
  readonly requests: Requests;
  waiting: number;
  free: Promise<unknown>;
}

export function openReader(cluster: ClusterConfig): Reader {
  const lanes: Lane[] = [];
  const leastBusy = (): Lane => {
    const idle = lanes.find((lane) => lane.waiting === 0);
    if (idle !== undefined) return idle;
    if (lanes.length < LANES) lanes.push({ requests: openRequests(cluster), waiting: 0, free: Promise.resolve() });
    return lanes.reduce((best, lane) => (lane.waiting < best.waiting ? lane : best));
  };
  return {
    read: (partition, from, limits) => {
      const lane = leastBusy();
      lane.waiting += 1;
      const deadline = Date.now() + limits.timeoutMs;
      const work = lane.free.then(() => readStretch(lane.requests, partition, from, limits, deadline));
      lane.free = work
        .catch(() => undefined)
        .finally(() => {
          lane.waiting -= 1;
        });
      return withinTime(work, limits.timeoutMs + HUNG_AFTER_MS);
    },
    close: async () => {
      await Promise.all(lanes.splice(0).map((lane) => lane.requests.close()));
    },
  };
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const given = new AbortController();
  try {
    return await Promise.race([
      work,
      sleep(ms, undefined, { signal: given.signal }).then(() =>
        Promise.reject(new BrokerFault({ kind: "unreachable" }, `the broker did not answer within ${ms} ms`)),
      ),
    ]);
  } finally {
    given.abort();
  }
}

async function readStretch(
  requests: Requests,
  { topic, partition }: PartitionRef,
  from: bigint,
  limits: ReadLimits,
  deadline: number,
): Promise<Stretch> {
  const records: Stretch["records"] = [];
  let nextOffset = from;
  let bytes = 0;
  const fetchBytes = Math.min(FETCH_BYTES.most, Math.max(FETCH_BYTES.least, limits.maxRecords * FETCH_BYTES.perRecord));
  while (records.length < limits.maxRecords && bytes < limits.maxBytes && Date.now() < deadline) {
    const fetched = await fetchFrom(
      requests,
      { topic, partition },
      nextOffset,
      Math.min(limits.maxBytes - bytes, fetchBytes),
    );
    const before = nextOffset;
    for (const step of committedRecords(fetched, nextOffset)) {
      if (step.record !== null) {
        const size = (step.record.key?.length ?? 0) + (step.record.value?.length ?? 0);
        // The first record is returned whatever its size: otherwise a caller could never get past it.
        if (records.length > 0 && (records.length >= limits.maxRecords || bytes + size > limits.maxBytes))
          return { records, nextOffset };
        records.push(step.record);
        bytes += size;
      }
      nextOffset = step.nextOffset;
    }
    if (nextOffset === before || nextOffset >= fetched.lastStableOffset) break;
  }
  return { records, nextOffset };
}

/** Asks the leader; when that fails, reads the leaders again and retries once. */
async function fetchFrom(
  requests: Requests,
  ref: PartitionRef,
  offset: bigint,
  maxBytes: number,
): Promise<FetchedPartition> {
  for (let attempt = 0; ; attempt++) {
    const { broker, topicId } = await findLeader(requests, ref);
    const fetched = await fetchOnce(requests, broker, ref, topicId, offset, maxBytes);
    if (fetched.errorCode === 0) return fetched;
    const { apiId, message } = new ProtocolError(fetched.errorCode) as ProtocolError & { apiId: string };
    const name = `${ref.topic}[${ref.partition}]`;
    if (apiId === OFFSET_OUT_OF_RANGE)
      throw new BrokerFault(
        { kind: "offset_out_of_range" },
        `offset ${offset} of ${name} is not in the log: ${await extentOf(requests, ref)}`,
      );
    requests.forgetLeaders();
    if (attempt > 0 || !MOVED.has(apiId))
      throw new BrokerFault({ kind: "refused" }, `${name} could not be read: ${apiId} (${message})`);
  }
}

async function findLeader(
  requests: Requests,
  { topic, partition }: PartitionRef,
): Promise<{ broker: BrokerAddress; topicId: string }> {
  const metadata = await requests.ask((admin) => admin.metadata({ topics: [topic], autocreateTopics: false }));
  const found = metadata.topics.get(topic);
  const leader = found?.partitions[partition]?.leader;
  if (found === undefined || leader === undefined)
    throw new BrokerFault({ kind: "refused" }, `there is no ${topic}[${partition}] on this cluster`);
  const broker = metadata.brokers.get(leader);
  if (broker === undefined) {
    requests.forgetLeaders();
    throw new BrokerFault({ kind: "unreachable" }, `${topic}[${partition}] has no leader at the moment`);
  }
  return { broker: { nodeId: leader, host: broker.host, port: broker.port }, topicId: found.id };
}

async function fetchOnce(
  requests: Requests,
  broker: BrokerAddress,
  { topic, partition }: PartitionRef,
  topicId: string,
  fetchOffset: bigint,
  maxBytes: number,
): Promise<FetchedPartition> {
  const version = await requests.versionOf(FETCH);
  // From version 13 on topics go by id; in earlier versions the client sends the given id as the name.
  const api = version >= 17 ? fetchV17.api : version >= 13 ? fetchV13.api : fetchV12.api;
  const topics = [
    {
      topicId: version >= 13 ? topicId : topic,
      partitions: [
        { partition, currentLeaderEpoch: -1, fetchOffset, lastFetchedEpoch: -1, partitionMaxBytes: maxBytes },
      ],
    },
  ];
  // Never waits for new records: other reads share the lane.
  const [maxWaitMs, minBytes] = [0, 0];
  const answer = await requests.toBroker(
    broker,
    api,
    maxWaitMs,
    minBytes,
    maxBytes,
    READ_COMMITTED,
    ...NO_SESSION,
    topics,
    [],
    "",
  );
  const fetched = answer.responses.flatMap((one) => one.partitions).find((one) => one.partitionIndex === partition);
  if (fetched === undefined)
    throw new BrokerFault(
      { kind: "refused" },
      `the broker answered nothing about ${topic}[${partition}] (error ${answer.errorCode})`,
    );
  return fetched;
}

async function extentOf(requests: Requests, { topic, partition }: PartitionRef): Promise<string> {
  const ends = [ListOffsetTimestamps.EARLIEST, ListOffsetTimestamps.LATEST].map((timestamp) => ({
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
  }));
  const [start, end] = await Promise.all(
    ends.map(async (asked) => (await requests.ask((admin) => admin.listOffsets(asked)))[0]?.partitions[0]?.offset),
  );
  return `it holds ${start} to ${end}`;
}
