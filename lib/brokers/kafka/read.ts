/**
 * Reads ranges of a partition from its leader without joining a group, so that users of the broker see no consumer.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { ListOffsetTimestamps } from "@platformatic/kafka";
import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { partitionWords } from "#lib/domain/text/words.ts";
import { BrokerFault, isBrokerFault } from "../ports/errors.ts";
import type { PartitionRef } from "../ports/partition.ts";
import type { Reader, ReadLimits, Stretch } from "../ports/reader.ts";
import { committedRecords } from "./fetch/committed-records.ts";
import { detachedRecord } from "./fetch/detached-record.ts";
import { FETCH, fetchApiFor, type FetchedPartition } from "./fetch/fetch-api.ts";
import { askOffsets } from "./inspect-offsets.ts";
import { openRequests, type BrokerAddress, type Requests } from "./inspect-requests.ts";
import { kafkaErrorOfCode } from "./protocol-error.ts";
import { readFault } from "./leader-of.ts";
import { Leaders } from "./read-leaders.ts";

// Each lane has its own connections, because a broker answers the requests of one connection in order.
const LANES = 3;
// A fetch is decoded as a whole, so it is no larger than what is asked for: the first few records of a long log must
// not cost megabytes.
const FETCH_BYTES = { least: 64 * 1024, perRecord: 256, most: 1024 * 1024 } as const;
const HUNG_AFTER_MS = 1000;

/** A fetch without a session (KIP-227): sessions only help continuous readers, and they end at the first error. */
const NO_SESSION = { sessionId: 0, sessionEpoch: -1, forgotten: [] } as const;
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
  readonly leaders: Leaders;
  waiting: number;
  free: Promise<unknown>;
}

export function openReader(cluster: KafkaClusterConfig): Reader {
  const lanes: Lane[] = [];
  const leastBusy = (): Lane => {
    const idle = lanes.find((lane) => lane.waiting === 0);
    if (idle !== undefined) return idle;
    if (lanes.length < LANES) lanes.push(openLane(cluster));
    return lanes.reduce((best, lane) => (lane.waiting < best.waiting ? lane : best));
  };
  return {
    read: (partition, from, limits) => {
      const lane = leastBusy();
      lane.waiting += 1;
      const deadline = Date.now() + limits.timeoutMs;
      const work = lane.free.then(() => readStretch(lane, partition, from, limits, deadline));
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

function openLane(cluster: KafkaClusterConfig): Lane {
  const requests = openRequests(cluster);
  return { requests, leaders: new Leaders(requests), waiting: 0, free: Promise.resolve() };
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
  lane: Lane,
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
      lane,
      { topic, partition },
      nextOffset,
      Math.min(limits.maxBytes - bytes, fetchBytes),
    );
    const before = nextOffset;
    // Nobody waits for it to become readable: a batch that cannot be read is given up on at once.
    for await (const chunk of committedRecords(fetched, nextOffset, { giveUpOn: "all" })) {
      for (const record of chunk.records) {
        const size = (record.key?.length ?? 0) + (record.value?.length ?? 0);
        // The first record is returned whatever its size: otherwise a caller could never get past it.
        if (records.length > 0 && (records.length >= limits.maxRecords || bytes + size > limits.maxBytes))
          return { records, nextOffset };
        records.push(detachedRecord(record));
        bytes += size;
        nextOffset = record.offset + 1n;
      }
      nextOffset = chunk.nextOffset;
    }
    if (nextOffset === before || nextOffset >= fetched.lastStableOffset) break;
  }
  return { records, nextOffset };
}

/** Asks the leader; when that fails, reads the leaders again and retries once. */
async function fetchFrom(
  { requests, leaders }: Lane,
  ref: PartitionRef,
  offset: bigint,
  maxBytes: number,
): Promise<FetchedPartition> {
  for (let attempt = 0; ; attempt++) {
    const { broker, topicId } = await leaders.find(ref);
    const fetched = await fetchOnce(requests, broker, ref, topicId, offset, maxBytes).catch((error: unknown) => {
      leaders.forget(ref);
      // Its partitions may have another leader by now.
      if (attempt > 0 || !isBrokerFault(error, "unreachable")) throw error;
      return null;
    });
    if (fetched === null) continue;
    if (fetched.errorCode === 0) return fetched;
    const { apiId } = kafkaErrorOfCode(fetched.errorCode);
    const name = partitionWords(ref);
    if (apiId === OFFSET_OUT_OF_RANGE)
      throw new BrokerFault(
        { kind: "offset_out_of_range" },
        `offset ${offset} of ${name} is not in the log: ${await extentOf(requests, broker, ref)}`,
      );
    leaders.forget(ref);
    if (attempt > 0 || !MOVED.has(apiId)) throw readFault(name, fetched.errorCode);
  }
}

async function fetchOnce(
  requests: Requests,
  broker: BrokerAddress,
  { topic, partition }: PartitionRef,
  topicId: string,
  fetchOffset: bigint,
  maxBytes: number,
): Promise<FetchedPartition> {
  const api = fetchApiFor(await requests.versionOf(FETCH));
  const answer = await requests.toBroker(broker, api, {
    ...NO_SESSION,
    // Never waits for new records: other reads share the lane.
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes,
    isolation: "read_committed",
    topics: [{ topic, topicId, partitions: [{ partition, fetchOffset, lastFetchedEpoch: -1, maxBytes }] }],
  });
  const fetched = answer.topics.flatMap((one) => one.partitions).find((one) => one.partition === partition);
  if (fetched === undefined)
    throw new BrokerFault(
      { kind: "refused" },
      `the broker answered nothing about ${topic}[${partition}] (error ${answer.errorCode})`,
    );
  return fetched;
}

async function extentOf(requests: Requests, broker: BrokerAddress, ref: PartitionRef): Promise<string> {
  const [start, end] = await Promise.all(
    [ListOffsetTimestamps.EARLIEST, ListOffsetTimestamps.LATEST].map(
      async (timestamp) => (await askOffsets(requests, broker, [ref], timestamp, 0))[0]?.offset,
    ),
  );
  return `it holds ${start} to ${end}`;
}
