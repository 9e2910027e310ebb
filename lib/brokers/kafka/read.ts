/** Single stretches of a partition, read from its leader without joining any group: nothing the broker's users could notice. */
import { setTimeout as sleep } from "node:timers/promises";
import { Consumer, MultipleErrors } from "@platformatic/kafka";
import type { ClusterConfig } from "#lib/config/schema.ts";
import type { PartitionRef, Reader } from "../ports.ts";
import { OffsetOutOfRangeError } from "../ports.ts";
import { platformaticOptions } from "./connect.ts";
import { committedRecords, type FetchedPartition, type FetchResponse } from "./read-batches.ts";

type Limits = Parameters<Reader["read"]>[2];
type Stretch = Awaited<ReturnType<Reader["read"]>>;

// Each lane reads one stretch at a time: a broker answers a connection's requests in order, and fetch sessions know no two at once.
const LANES = 3;
const READ_COMMITTED = 1;
const EARLIEST = -2n;
const LATEST = -1n;
const MAX_FETCH_BYTES = 4 * 1024 * 1024;
const HUNG_AFTER_MS = 1000;

interface Lane {
  readonly consumer: Consumer;
  waiting: number;
  free: Promise<unknown>;
}

export function openReader(cluster: ClusterConfig): Reader {
  // The group's name is needed by the client and never sent: nothing joins, nothing commits.
  const openLane = (): Lane => ({ consumer: new Consumer({ ...platformaticOptions(cluster), groupId: "flowtap-reader", autocommit: false, autocreateTopics: false }), waiting: 0, free: Promise.resolve() });
  const lanes: Lane[] = [];
  const leastBusy = (): Lane => {
    const idle = lanes.find((lane) => lane.waiting === 0);
    if (idle !== undefined) return idle;
    if (lanes.length < LANES) lanes.push(openLane());
    return lanes.reduce((best, lane) => (lane.waiting < best.waiting ? lane : best));
  };
  return {
    read: (partition, from, limits) => {
      const lane = leastBusy();
      lane.waiting += 1;
      const deadline = Date.now() + limits.timeoutMs;
      const work = lane.free.then(() => readStretch(lane.consumer, partition, from, limits, deadline));
      lane.free = work.catch(() => undefined).finally(() => {
        lane.waiting -= 1;
      });
      return withinTime(work, limits.timeoutMs + HUNG_AFTER_MS);
    },
    close: async () => {
      await Promise.all(lanes.splice(0).map((lane) => lane.consumer.close(true)));
    },
  };
}

async function withinTime<T>(work: Promise<T>, ms: number): Promise<T> {
  const given = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, undefined, { signal: given.signal }).then(() => Promise.reject(new Error(`the broker did not answer within ${ms} ms`)))]);
  } finally {
    given.abort();
  }
}

async function readStretch(consumer: Consumer, { topic, partition }: PartitionRef, from: bigint, limits: Limits, deadline: number): Promise<Stretch> {
  const records: Stretch["records"] = [];
  let nextOffset = from;
  let bytes = 0;
  while (records.length < limits.maxRecords && bytes < limits.maxBytes && Date.now() < deadline) {
    const fetched = await fetchOnce(consumer, topic, partition, nextOffset, Math.min(limits.maxBytes - bytes, MAX_FETCH_BYTES));
    // A session leaves partitions out of which it has nothing to tell.
    if (fetched === null) break;
    const before = nextOffset;
    for (const step of committedRecords(fetched, nextOffset)) {
      if (step.record !== null) {
        const size = (step.record.key?.length ?? 0) + (step.record.value?.length ?? 0);
        // The first record is given whatever its size, or a caller could never pass it.
        if (records.length > 0 && (records.length >= limits.maxRecords || bytes + size > limits.maxBytes)) return { records, nextOffset };
        records.push(step.record);
        bytes += size;
      }
      nextOffset = step.nextOffset;
    }
    if (nextOffset === before || nextOffset >= fetched.lastStableOffset) break;
  }
  return { records, nextOffset };
}

async function fetchOnce(consumer: Consumer, topic: string, partition: number, fetchOffset: bigint, maxBytes: number): Promise<FetchedPartition | null> {
  try {
    const metadata = await consumer.metadata({ topics: [topic] });
    const found = metadata.topics.get(topic);
    const leader = found?.partitions[partition]?.leader;
    if (found === undefined || leader === undefined) throw new Error(`there is no ${topic}[${partition}] on this cluster`);
    if (leader < 0) throw new Error(`${topic}[${partition}] has no leader at the moment`);
    const response = await consumer.fetch({
      node: leader,
      topics: [{ topicId: found.id, partitions: [{ partition, currentLeaderEpoch: -1, fetchOffset, lastFetchedEpoch: -1, partitionMaxBytes: maxBytes }] }],
      // Never waits for records to come: the lane is others' too.
      maxWaitTime: 0,
      minBytes: 0,
      maxBytes,
      isolationLevel: READ_COMMITTED,
    });
    return partitionOf(response, partition);
  } catch (error) {
    const told = whatBrokerSaid(error);
    if (told?.startsWith("OFFSET_OUT_OF_RANGE")) {
      const [start, end] = await Promise.all([EARLIEST, LATEST].map((timestamp) => consumer.listOffsets({ topics: [topic], partitions: { [topic]: [partition] }, timestamp })));
      throw new OffsetOutOfRangeError(`offset ${fetchOffset} of ${topic}[${partition}] is not in the log: it holds ${start?.get(topic)?.[partition]} to ${end?.get(topic)?.[partition]}`, { cause: error });
    }
    consumer.clearMetadata();
    throw told === null ? error : new Error(`${topic}[${partition}] could not be read: ${told}`, { cause: error });
  }
}

function partitionOf(response: FetchResponse, partition: number): FetchedPartition | null {
  return response.responses.flatMap((topic) => topic.partitions).find((one) => one.partitionIndex === partition) ?? null;
}

/** The client wraps the broker's answer in lists of errors: the innermost one that carries an API error is what was said. */
function whatBrokerSaid(error: unknown): string | null {
  const open = [error];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (!(next instanceof Error)) continue;
    const { apiId, message } = next as Error & { apiId?: string };
    if (apiId !== undefined) return `${apiId} (${message})`;
    if (MultipleErrors.isMultipleErrors(next)) open.push(...(next.errors as unknown[]));
    if (next.cause !== undefined) open.push(next.cause);
  }
  return null;
}
