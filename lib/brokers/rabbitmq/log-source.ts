/** Reads exchanges from their tap streams. The broker keeps those; the positions in them are Flowtap's. */
import type { RabbitClusterConfig } from "#lib/config/cluster.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { partitionKey } from "../partition-key.ts";
import { BrokerFault, isBrokerFault } from "../ports/errors.ts";
import type { AssignedPartition, LogPosition, LogSource, LogSourceHandlers } from "../ports/log-source.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { connectRabbit, faultOnConnection, type ChannelModel, type ConsumeMessage } from "./connect.ts";
import { ExchangeReading } from "./exchange-reading.ts";
import { openManagement, type Management } from "./management.ts";
import { exchangeOf, isWanted, tapStreamOf } from "./names.ts";
import { streamOffsetOf } from "./record.ts";
import { consumeStream } from "./stream-consumer.ts";
import { ensureTapStream, followBindings, type BindingsBySource } from "./tap-streams.ts";

const TICK_MS = 100;
/** How soon a new binding is followed: what is routed by it alone before is not seen. */
const BINDINGS_EVERY_MS = 5000;
const BINDINGS_FRESH_MS = 1000;
const RECONNECT_MS = 1000;
/** What passes by itself is not reported. */
const REPORTED_AFTER = { failures: 3, ms: 5000 } as const;

export const openLogSource = (cluster: RabbitClusterConfig, log: Logger): LogSource =>
  new RabbitLogSource(cluster, log);

class RabbitLogSource implements LogSource {
  readonly #cluster: RabbitClusterConfig;
  readonly #log: Logger;
  readonly #management: Management;
  readonly #readings = new Map<string, ExchangeReading>();
  #handlers: LogSourceHandlers | null = null;
  #timer: NodeJS.Timeout | null = null;
  #connection: ChannelModel | null = null;
  #connecting: Promise<void> | null = null;
  #following: Promise<void> | null = null;
  #listed: { readonly atMs: number; readonly bindings: Promise<BindingsBySource> } | null = null;
  #connectAtMs = 0;
  #followAtMs = 0;
  #stopped = false;

  constructor(cluster: RabbitClusterConfig, log: Logger) {
    this.#cluster = cluster;
    this.#log = log;
    this.#management = openManagement(cluster);
  }

  start(handlers: LogSourceHandlers): void {
    this.#handlers = handlers;
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  assign(partitions: readonly AssignedPartition[]): void {
    const wanted = new Map(partitions.map((one) => [partitionKey(one), one]));
    for (const [key, reading] of this.#readings) {
      const next = wanted.get(key);
      if (next?.generation === reading.assigned.generation) wanted.delete(key);
      else {
        this.#readings.delete(key);
        void reading.consumer?.close();
      }
    }
    for (const [key, assigned] of wanted) {
      const exchange = exchangeOf(assigned.topic);
      if (exchange !== null) this.#readings.set(key, new ExchangeReading(assigned, exchange));
    }
    this.#tick();
  }

  seek(ref: PartitionRef, position: LogPosition): void {
    const reading = this.#readings.get(partitionKey(ref));
    if (reading === undefined) return;
    reading.seek(position);
    this.#reopen(reading);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#readings.clear();
    await Promise.all([this.#connecting, this.#following]);
    await this.#connection?.close().catch(() => undefined);
    this.#management.close();
  }

  #tick(): void {
    if (this.#handlers === null || this.#stopped || this.#readings.size === 0) return;
    const now = Date.now();
    const connection = this.#connection;
    if (connection === null) {
      if (now >= this.#connectAtMs) this.#connecting ??= this.#connect().finally(() => (this.#connecting = null));
      return;
    }
    if (now >= this.#followAtMs) this.#following ??= this.#follow(connection).finally(() => (this.#following = null));
    for (const reading of this.#readings.values()) if (isToOpen(reading, now)) void this.#open(connection, reading);
  }

  async #connect(): Promise<void> {
    try {
      const connection = await connectRabbit(this.#cluster, "tap");
      connection.on("close", (error?: Error) => this.#onConnectionEnd(connection, error));
      this.#connection = connection;
    } catch (error) {
      this.#connectAtMs = Date.now() + RECONNECT_MS;
      this.#onFaults([...this.#readings.values()], error);
    }
  }

  #onConnectionEnd(connection: ChannelModel, error: Error | undefined): void {
    if (this.#connection !== connection) return;
    this.#connection = null;
    this.#connectAtMs = Date.now() + RECONNECT_MS;
    this.#onFaults([...this.#readings.values()], error ?? new Error("connection closed"));
  }

  /** Copies the bindings that are there, of every exchange that is read. */
  async #follow(connection: ChannelModel): Promise<void> {
    this.#followAtMs = Date.now() + BINDINGS_EVERY_MS;
    try {
      const bindings = await this.#bindings();
      for (const reading of this.#readings.values())
        if (reading.consumer !== null)
          await followBindings(connection, this.#cluster, reading.exchange, bindings, reading.gone).catch(
            (error: unknown) => this.#onFaults([reading], error),
          );
    } catch (error) {
      this.#log.warn({ err: error }, "the bindings of exchanges could not be listed; trying again");
    }
  }

  /** One list for all exchanges that begin to be read at the same time. */
  #bindings(): Promise<BindingsBySource> {
    const now = Date.now();
    if (this.#listed !== null && now - this.#listed.atMs < BINDINGS_FRESH_MS) return this.#listed.bindings;
    const bindings = this.#management.bindings().then((rows) => Map.groupBy(rows, ({ source }) => source));
    this.#listed = { atMs: now, bindings };
    bindings.catch(() => (this.#listed = null));
    return bindings;
  }

  async #open(connection: ChannelModel, reading: ExchangeReading): Promise<void> {
    reading.isOpening = true;
    const { assigned, exchange, run } = reading;
    try {
      reading.position ??= await this.#positionOf(assigned);
      await ensureTapStream(connection, this.#cluster, exchange);
      await followBindings(connection, this.#cluster, exchange, await this.#bindings(), reading.gone);
      if (!this.#isCurrent(reading)) return;
      const consumer = await consumeStream({
        connection,
        stream: tapStreamOf(exchange),
        from: reading.position,
        prefetch: reading.prefetch,
        onMessage: (message) => this.#onMessage(reading, run, message),
        onEnd: (reason) => {
          if (reading.run === run) this.#onFaults([reading], reason);
        },
      });
      if (!this.#goesOn(reading, run)) return void consumer.close();
      reading.consumer = consumer;
      if (reading.failingSinceMs !== null || !reading.hasBeenRead) this.#handlers?.onReading([assigned]);
      reading.onRead();
      void this.#drain(reading);
    } catch (error) {
      this.#onFaults([reading], error);
    } finally {
      reading.isOpening = false;
    }
  }

  async #positionOf(assigned: AssignedPartition): Promise<bigint> {
    const [position] = (await this.#handlers?.positionsOf([assigned])) ?? [];
    if (position) return position.offset;
    throw new BrokerFault({ kind: "refused" }, `where reading ${assigned.topic} begins is not known at the moment`);
  }

  #onMessage(reading: ExchangeReading, run: number, message: ConsumeMessage): void {
    if (!this.#goesOn(reading, run)) return;
    const offset = streamOffsetOf(message);
    if (offset === null) return this.#onFaults([reading], new Error(`${tapStreamOf(reading.exchange)} is no stream`));
    reading.add(message, offset);
    if (reading.consumer === null) return;
    void this.#drain(reading);
    // What lies in memory is handed over; then the broker is asked again, for fewer at a time.
    if (reading.isFull) void reading.consumer.close();
  }

  async #drain(reading: ExchangeReading): Promise<void> {
    const handlers = this.#handlers;
    if (reading.isDraining || handlers === null) return;
    reading.isDraining = true;
    const { assigned, exchange, seeks, run } = reading;
    try {
      for (;;) {
        const next = reading.next;
        if (next === undefined || !this.#goesOn(reading, run)) break;
        const from = reading.position ?? next;
        if (next < from) return this.#onTruncated(reading);
        if (next > from) {
          handlers.onGap(assigned, from, next);
          reading.position = next;
        }
        const batch = reading.take((message) => this.#belongsTo(exchange, message));
        if (batch === null) break;
        const nextOffset = batch.last.offset + 1n;
        await handlers.onBatch({
          topic: assigned.topic,
          partition: assigned.partition,
          records: batch.records,
          fromOffset: reading.position ?? next,
          nextOffset,
          endOffset: nextOffset,
          resumeFrom: nextOffset,
          leaderEpoch: -1,
        });
        // What was handed over is read, also where its consumer has ended meanwhile.
        if (reading.seeks === seeks) reading.position = nextOffset;
        if (!this.#goesOn(reading, run)) break;
        reading.consumer?.done(batch.last.message);
      }
      this.#adaptPrefetch(reading);
    } catch (error) {
      this.#onFaults([reading], error);
    } finally {
      reading.isDraining = false;
    }
  }

  /**
   * What comes to an exchange from another one, by a binding of the two, is an event of the first. Where that is read
   * as well, it is not counted again.
   */
  #belongsTo(exchange: string, { fields }: ConsumeMessage): boolean {
    return fields.exchange === exchange || fields.exchange === "" || !isWanted(this.#cluster, fields.exchange);
  }

  #adaptPrefetch(reading: ExchangeReading): void {
    const better = reading.betterPrefetch();
    if (better === null || !reading.isEmpty) return;
    reading.prefetch = better;
    this.#reopen(reading);
  }

  /** Reads on from the position, with another consumer. */
  #reopen(reading: ExchangeReading): void {
    const { consumer } = reading;
    reading.run++;
    reading.clear();
    reading.consumer = null;
    reading.retryAtMs = 0;
    void consumer?.close();
  }

  #onTruncated(reading: ExchangeReading): void {
    const { assigned } = reading;
    this.#reopen(reading);
    reading.retryAtMs = Infinity;
    this.#handlers?.onTruncated(assigned, 0n);
  }

  #onFaults(readings: readonly ExchangeReading[], error: unknown): void {
    if (this.#stopped) return;
    const described = faultOnConnection(error, this.#cluster);
    const fault = isBrokerFault(described) ? described : new BrokerFault({ kind: "unknown" }, described.message);
    if (!isBrokerFault(described)) this.#log.error({ err: error }, "an exchange could not be read; trying again");
    const now = Date.now();
    const reported = readings.filter((reading) => {
      if (!this.#isCurrent(reading)) return false;
      reading.run++;
      void reading.consumer?.close();
      const { failures, lastingMs } = reading.onFault(now);
      return (
        failures >= REPORTED_AFTER.failures || lastingMs >= REPORTED_AFTER.ms || isBrokerFault(fault, "not_authorized")
      );
    });
    if (reported.length > 0)
      this.#handlers?.onFault(
        reported.map(({ assigned }) => assigned),
        fault,
      );
  }

  #goesOn(reading: ExchangeReading, run: number): boolean {
    return this.#isCurrent(reading) && reading.run === run && !this.#stopped;
  }

  #isCurrent(reading: ExchangeReading): boolean {
    return this.#readings.get(partitionKey(reading.assigned)) === reading;
  }
}

/** The next consumer begins where the last one has ended: not before what it brought is handed over. */
const isToOpen = ({ consumer, isOpening, isDraining, retryAtMs }: ExchangeReading, nowMs: number): boolean =>
  consumer === null && !isOpening && !isDraining && retryAtMs <= nowMs;
