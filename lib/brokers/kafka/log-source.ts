/** Reads the assigned partitions of a Kafka cluster from their leaders, without a consumer group. */
import { setImmediate as yieldToEvents } from "node:timers/promises";
import { ListOffsetTimestamps } from "@platformatic/kafka";
import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { partitionWords } from "#lib/domain/text/words.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { partitionKey } from "../partition-key.ts";
import { BrokerFault, isBrokerFault } from "../ports/errors.ts";
import type {
  AssignedPartition,
  LogPosition,
  LogSource,
  LogSourceHandlers,
  LogSourceOptions,
} from "../ports/log-source.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { brokerFaultOf } from "./connect-fault.ts";
import { BrokerFetcher } from "./fetch/broker-fetcher.ts";
import { committedRecords, UnreadableBatch } from "./fetch/committed-records.ts";
import { FETCH, fetchApiFor, type FetchApi, type FetchedPartition } from "./fetch/fetch-api.ts";
import { ReadingPartition, type FailuresInARow } from "./fetch/reading-partition.ts";
import { readLayout } from "./inspect-layout.ts";
import { askOffsets } from "./inspect-offsets.ts";
import { openRequests, type BrokerAddress, type Requests } from "./inspect-requests.ts";
import { leaderOf, readFault, type Leader } from "./leader-of.ts";
import { kafkaErrorOfCode } from "./protocol-error.ts";

/** How often newly assigned partitions, and those that failed, are looked after. */
const TICK_MS = 100;
/** A leader that has moved is found at the first or second try; only what lasts longer is reported. */
const REPORTED_AFTER = { failures: 3, ms: 5000 } as const;
/** Decoding is interrupted after this time, so that the process answers its other connections. */
const MOST_BUSY_MS = 15;

export const openLogSource = (cluster: KafkaClusterConfig, log: Logger, options: LogSourceOptions = {}): LogSource =>
  new KafkaLogSource(cluster, log, options);

class KafkaLogSource implements LogSource {
  readonly #cluster: KafkaClusterConfig;
  readonly #log: Logger;
  readonly #ownTransactions: boolean;
  readonly #partitions = new Map<string, ReadingPartition>();
  readonly #fetchers = new Map<number, { readonly broker: BrokerAddress; readonly fetcher: BrokerFetcher }>();
  /** Fetch requests wait at the broker for news, so that all others have connections of their own. */
  readonly #fetching: Requests;
  readonly #asking: Requests;
  #handlers: LogSourceHandlers | null = null;
  #timer: NodeJS.Timeout | null = null;
  #positioning: Promise<void> | null = null;
  #leading: Promise<void> | null = null;
  #busySinceMs = 0;
  #stopped = false;

  constructor(cluster: KafkaClusterConfig, log: Logger, { ownTransactions = false }: LogSourceOptions) {
    this.#ownTransactions = ownTransactions;
    this.#cluster = cluster;
    this.#log = log;
    this.#fetching = openRequests(cluster);
    this.#asking = openRequests(cluster);
  }

  start(handlers: LogSourceHandlers): void {
    this.#handlers = handlers;
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  assign(partitions: readonly AssignedPartition[]): void {
    // Of thousands of partitions nearly all are the same objects as before.
    const added = new Set(partitions);
    const others = [...this.#partitions].filter(([, partition]) => !added.delete(partition.assigned));
    const wanted = new Map(Array.from(added, (assigned) => [partitionKey(assigned), assigned]));
    for (const [key, partition] of others) {
      const next = wanted.get(key);
      if (next?.generation === partition.assigned.generation && next.topicId === partition.assigned.topicId)
        wanted.delete(key);
      else this.#remove(key, partition);
    }
    for (const [key, assigned] of wanted)
      this.#partitions.set(key, new ReadingPartition(assigned, this.#ownTransactions));
    if (wanted.size > 0) this.#tick();
  }

  seek(ref: PartitionRef, position: LogPosition): void {
    this.#partitions.get(partitionKey(ref))?.seek(position);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#partitions.clear();
    // Ends the requests that wait at the brokers.
    await Promise.all([this.#fetching.close(), this.#asking.close()]);
    await Promise.all([...this.#fetchers.values()].map(({ fetcher }) => fetcher.close()));
    await Promise.all([this.#positioning, this.#leading]);
  }

  #tick(): void {
    const handlers = this.#handlers;
    if (handlers === null || this.#stopped) return;
    const all = [...this.#partitions.values()];
    const now = Date.now();
    const fresh = all.filter((one) => one.position < 0n && one.retryAtMs <= now);
    if (fresh.length > 0)
      this.#positioning ??= this.#position(handlers, fresh).finally(() => (this.#positioning = null));
    const idle = all.filter((one) => one.position >= 0n && one.node === null && one.retryAtMs <= now);
    if (idle.length > 0) this.#leading ??= this.#findLeaders(idle).finally(() => (this.#leading = null));
  }

  async #position(handlers: LogSourceHandlers, fresh: readonly ReadingPartition[]): Promise<void> {
    try {
      const positions = await handlers.positionsOf(fresh.map(({ assigned }) => assigned));
      fresh.forEach((partition, i) => {
        const position = positions[i];
        if (position) partition.seek(position);
        else this.#refuse(partition, `where the log of ${nameOf(partition)} begins is not known; has it a leader?`);
      });
    } catch (error) {
      this.#onFaults(fresh, error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #findLeaders(idle: readonly ReadingPartition[]): Promise<void> {
    try {
      const api = fetchApiFor(await this.#asking.versionOf(FETCH));
      const layout = await readLayout(this.#asking, [...new Set(idle.map(({ assigned }) => assigned.topic))]);
      for (const partition of idle) {
        if (!this.#isCurrent(partition)) continue;
        try {
          this.#follow(partition, leaderOf(layout, partition.assigned), api);
        } catch (error) {
          this.#onFaults([partition], brokerFaultOf(error, this.#cluster));
        }
      }
    } catch (error) {
      this.#onFaults(idle, brokerFaultOf(error, this.#cluster));
    }
  }

  #follow(partition: ReadingPartition, { broker, topicId }: Leader, api: FetchApi): void {
    const { topic, topicId: assignedId } = partition.assigned;
    if (assignedId !== null && topicId !== assignedId)
      return this.#refuse(partition, `${topic} was deleted and made anew; what is new in it is read separately`);
    partition.topicId = topicId;
    partition.node = broker.nodeId;
    this.#fetcherOf(broker, api).add(partition);
  }

  #fetcherOf(broker: BrokerAddress, api: FetchApi): BrokerFetcher {
    const known = this.#fetchers.get(broker.nodeId);
    if (known !== undefined && known.broker.host === broker.host && known.broker.port === broker.port)
      return known.fetcher;
    void known?.fetcher.close();
    const fetcher = new BrokerFetcher({
      broker,
      requests: this.#fetching,
      api,
      isolation: this.#ownTransactions ? "read_uncommitted" : "read_committed",
      onFetched: (partition, fetched) => this.#take(partition, fetched),
      onFault: (partitions, fault, sinceMs) => this.#onFaults(partitions, fault, sinceMs),
    });
    this.#fetchers.set(broker.nodeId, { broker, fetcher });
    return fetcher;
  }

  async #take(partition: ReadingPartition, fetched: FetchedPartition): Promise<void> {
    const handlers = this.#handlers;
    if (handlers === null) return;
    if (fetched.errorCode !== 0) return this.#onErrorCode(partition, fetched.errorCode);
    if (fetched.divergesAt !== null && fetched.divergesAt < partition.fetchFrom)
      return this.#onTruncated(partition, fetched.divergesAt);
    const { assigned, fetchFrom, seeks, giveUpOn, transactions } = partition;
    // It may be taken away, or sent to another offset, while something else is waited for.
    const goesOn = () => this.#isCurrent(partition) && partition.seeks === seeks;
    try {
      const options = { fetchedFrom: fetchFrom, giveUpOn, ...(transactions && { transactions }) };
      for await (const chunk of committedRecords(fetched, partition.position, options)) {
        await this.#letOthersRun();
        if (!goesOn()) return;
        if (chunk.nextOffset > partition.position)
          await handlers.onBatch({
            topic: assigned.topic,
            partition: assigned.partition,
            fromOffset: partition.position,
            endOffset: fetched.highWatermark,
            resumeFrom: transactions?.openSince ?? chunk.nextOffset,
            ...chunk,
          });
        if (!goesOn()) return;
        partition.moveTo(chunk.nextOffset, chunk.leaderEpoch);
      }
    } catch (error) {
      return this.#onUnreadable(partition, error);
    }
    const hasMoved = partition.fetchFrom > fetchFrom;
    if (fetched.records.length > 0 && !hasMoved && !partition.askForMore())
      return this.#refuse(partition, `the next batch of ${nameOf(partition)} is larger than Flowtap reads`);
    if (partition.fault !== null || !partition.hasBeenRead) handlers.onReading([assigned]);
    partition.onRead(hasMoved);
  }

  #onUnreadable(partition: ReadingPartition, error: unknown): void {
    const message = `${nameOf(partition)}: ${error instanceof Error ? error.message : String(error)}`;
    if (error instanceof UnreadableBatch) {
      // Not reported: after some tries it is given up on, and reading goes on.
      partition.onUnreadableBatch(error.baseOffset);
      this.#pause(partition, new BrokerFault({ kind: "unknown" }, message));
      return;
    }
    if (!(error instanceof RangeError))
      this.#log.error({ err: error, ...partition.assigned }, "a partition could not be read; trying again");
    this.#refuse(partition, message);
  }

  async #onErrorCode(partition: ReadingPartition, code: number): Promise<void> {
    if (kafkaErrorOfCode(code).apiId === "OFFSET_OUT_OF_RANGE") return this.#onOutOfRange(partition);
    this.#onFaults([partition], readFault(nameOf(partition), code));
  }

  /** Retention has removed the records at the position, or the log is shorter than it was. */
  async #onOutOfRange(partition: ReadingPartition): Promise<void> {
    const { position, assigned, node } = partition;
    const broker = this.#fetchers.get(node ?? -1)?.broker;
    if (broker === undefined) return this.#refuse(partition, `${nameOf(partition)} has no leader at the moment`);
    try {
      const [start, end] = await Promise.all(
        [ListOffsetTimestamps.EARLIEST, ListOffsetTimestamps.LATEST].map(async (timestamp) => {
          const [found] = await askOffsets(this.#asking, broker, [assigned], timestamp, 0);
          return found?.errorCode === 0 ? found.offset : null;
        }),
      );
      if (!this.#isCurrent(partition) || partition.position !== position) return;
      if (typeof start === "bigint" && position < start) {
        this.#handlers?.onGap(assigned, position, start);
        partition.seek({ offset: start, resumeFrom: start, leaderEpoch: -1 });
      } else if (typeof end === "bigint" && position > end) this.#onTruncated(partition, end);
      else this.#refuse(partition, `${nameOf(partition)} does not hold offset ${position} at the moment`);
    } catch (error) {
      this.#onFaults([partition], brokerFaultOf(error, this.#cluster));
    }
  }

  #onTruncated(partition: ReadingPartition, to: bigint): void {
    this.#refuse(partition, `${nameOf(partition)} was truncated to ${to}; it had been read to ${partition.position}`);
    partition.retryAtMs = Infinity;
    this.#handlers?.onTruncated(partition.assigned, to);
  }

  #refuse(partition: ReadingPartition, message: string): void {
    this.#onFaults([partition], new BrokerFault({ kind: "refused" }, message));
  }

  /** `sinceMs`: nothing was read since then */
  #onFaults(partitions: readonly ReadingPartition[], error: Error, sinceMs = Date.now()): void {
    if (this.#stopped) return;
    if (!isBrokerFault(error)) this.#log.error({ err: error }, "partitions could not be read; trying again");
    const fault = isBrokerFault(error) ? error : new BrokerFault({ kind: "unknown" }, error.message, { cause: error });
    const reported = partitions.filter((partition) => {
      if (!this.#isCurrent(partition)) return false;
      const { failures, lastingMs } = this.#pause(partition, fault, sinceMs);
      const lasts = failures >= REPORTED_AFTER.failures || lastingMs >= REPORTED_AFTER.ms;
      return lasts || isBrokerFault(fault, "not_authorized");
    });
    if (reported.length > 0) this.#handlers?.onFault(refsOf(reported), fault);
  }

  #pause(partition: ReadingPartition, fault: BrokerFault, sinceMs = Date.now()): FailuresInARow {
    this.#fetchers.get(partition.node ?? -1)?.fetcher.remove(partition);
    return partition.onFault(fault, Date.now(), sinceMs);
  }

  #remove(key: string, partition: ReadingPartition): void {
    this.#partitions.delete(key);
    this.#fetchers.get(partition.node ?? -1)?.fetcher.remove(partition);
  }

  #isCurrent(partition: ReadingPartition): boolean {
    return this.#partitions.get(partitionKey(partition.assigned)) === partition;
  }

  async #letOthersRun(): Promise<void> {
    const now = performance.now();
    if (now - this.#busySinceMs < MOST_BUSY_MS) return;
    await yieldToEvents();
    this.#busySinceMs = performance.now();
  }
}

const refsOf = (partitions: readonly ReadingPartition[]): PartitionRef[] => partitions.map(({ assigned }) => assigned);

const nameOf = ({ assigned }: ReadingPartition): string => partitionWords(assigned);
