/**
 * Reads Kafka topics with KafkaJS. The consumer group only divides the partitions among taps; the caller gives the
 * positions.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterConfig } from "#lib/config/cluster.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { LogSource, LogSourceHandlers } from "../ports/log-source.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { brokerFaultOf } from "./connect-fault.ts";
import { openKafkaJs } from "./connect.ts";
import { TapSession } from "./tap-session.ts";

// As short as brokers accept by default, so that another tap soon takes over a killed tap's partitions.
const SESSION_TIMEOUT_MS = 6000;
const HEARTBEAT_MS = 1500;
const REBALANCE_TIMEOUT_MS = 20_000;
const MAX_WAIT_MS = 250;
// KafkaJS does not fetch while it decodes, so smaller fetches wait more often. But decoded records stay in memory until
// they are processed: by measurement, 4 MiB are read no faster than 2 MiB and take 70 MB more.
const MAX_BYTES_PER_PARTITION = 512 * 1024;
const MAX_BYTES = 2 * 1024 * 1024;
/** new partitions of a known topic are found within this */
const METADATA_MAX_AGE_MS = 10_000;
const CONCURRENT_PARTITIONS = 8;
const BACKOFF_MS = { first: 500, last: 5000 } as const;
const LEAVE_TIMEOUT_MS = 3000;

export function openTap(cluster: ClusterConfig, groupId: string, log: Logger): LogSource {
  const kafka = openKafkaJs(cluster, log);
  let topics: readonly string[] = [];
  let session: TapSession | null = null;
  let running: Promise<void> | null = null;
  let stopped = false;
  let changed = Promise.withResolvers<void>();

  const change = () => {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  };

  /** One consumer from joining to leaving; rejects with the error that ended it. */
  const readOnce = async (handlers: LogSourceHandlers, onJoined: () => void): Promise<void> => {
    const consumer = kafka.consumer({
      groupId,
      sessionTimeout: SESSION_TIMEOUT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      maxWaitTimeInMs: MAX_WAIT_MS,
      maxBytesPerPartition: MAX_BYTES_PER_PARTITION,
      maxBytes: MAX_BYTES,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      // Reading a topic must never create it.
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 200, maxRetryTime: 2000, retries: 4, restartOnFailure: () => Promise.resolve(false) },
    });
    const wanted = changed.promise;
    const crashed = Promise.withResolvers<never>();
    // The consumer may crash before anything awaits this promise.
    crashed.promise.catch(() => undefined);
    const current = new TapSession(consumer, kafka, handlers, log, onJoined, (error) => crashed.reject(error));
    session = current;
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [...topics], fromBeginning: true });
      await consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: CONCURRENT_PARTITIONS,
        eachBatch: (payload) => current.eachBatch(payload),
      });
      await Promise.race([crashed.promise, wanted]);
    } finally {
      current.close();
      session = null;
      await Promise.race([
        consumer
          .disconnect()
          .catch((error: unknown) => log.debug({ err: error }, "the consumer did not leave in order")),
        sleep(LEAVE_TIMEOUT_MS, undefined, { ref: false }),
      ]);
    }
  };

  const keepReading = async (handlers: LogSourceHandlers): Promise<void> => {
    let backoffMs: number = BACKOFF_MS.first;
    while (!stopped) {
      if (topics.length === 0) {
        await changed.promise;
        continue;
      }
      try {
        await readOnce(handlers, () => {
          backoffMs = BACKOFF_MS.first;
          handlers.onReading();
        });
      } catch (error) {
        if (stopped) break;
        handlers.onFault(brokerFaultOf(error, cluster));
        await Promise.race([sleep(backoffMs), changed.promise]);
        backoffMs = Math.min(backoffMs * 2, BACKOFF_MS.last);
      }
    }
    handlers.onRevoked();
  };

  return {
    start: (handlers) => {
      running ??= keepReading(handlers);
    },
    setTopics: (next) => {
      const sorted = [...next].sort();
      if (sorted.length === topics.length && sorted.every((topic, i) => topic === topics[i])) return;
      topics = sorted;
      change();
    },
    seek: (partition: PartitionRef, offset: bigint) => session?.seek(partition, offset),
    stop: async () => {
      stopped = true;
      change();
      await running;
    },
  };
}
