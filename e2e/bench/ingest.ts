/**
 * `npm run bench -- ingest`: how fast the tap makes events durable and correlated, beside how fast KafkaJS alone reads
 * the same topic and drops it. Both are processes of their own on the same machine and the same broker, timed from
 * their start to their last record.
 */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type pg from "pg";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { openPool, startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { produce, RECORDS, TOPIC } from "./ingest-load.ts";
const LIMIT_MS = 300_000;

export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  const [kafka, postgres] = await startBoth(startKafka({ isShortLived: false }), startPostgres());
  const flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers: kafka.brokers, logLevel: "warn" });
  const pool = openPool(postgres.url, 1);
  try {
    const bytes = await produce(kafka.brokers);
    const rawPerSecond = RECORDS / (await timed(() => readRaw(kafka.brokers)));
    report({
      name: "ingest.raw_kafkajs",
      value: Math.round(rawPerSecond),
      unit: "records/s",
      baseline: null,
      ratio: null,
      records: RECORDS,
      bytesPerRecord: bytes,
    });

    const startedAt = performance.now();
    const starting = flowtap.startTap();
    // A tap that does not start ends the bench at once.
    const durableSeconds = await withTap(
      starting,
      startedAt,
      async () =>
        Number(
          (
            await pool.query<{ n: string | null }>(
              `
                SELECT sum(p.next) AS n
                FROM tap_positions p
                JOIN destinations d ON d.id = p.destination_id
                WHERE d.name = $1`,
              [TOPIC],
            )
          ).rows[0]?.n,
        ) === RECORDS,
    );
    const durablePerSecond = RECORDS / durableSeconds;
    report({
      name: "ingest.durable",
      value: Math.round(durablePerSecond),
      unit: "records/s",
      baseline: Math.round(rawPerSecond),
      ratio: round(durablePerSecond / rawPerSecond),
    });
    const correlatedSeconds = await withTap(starting, startedAt, async () => isCorrelated(pool));
    const correlatedPerSecond = RECORDS / correlatedSeconds;
    report({
      name: "ingest.durable_and_correlated",
      value: Math.round(correlatedPerSecond),
      unit: "records/s",
      baseline: Math.round(rawPerSecond),
      ratio: round(correlatedPerSecond / rawPerSecond),
    });

    const { rows } = await pool.query<{ events: string; distinct: string; bytes: string }>(
      `
        SELECT count(*) AS events, count(DISTINCT (partition, position)) AS distinct,
          (
            SELECT sum(pg_total_relation_size(inhrelid))
            FROM pg_inherits
            WHERE inhparent = 'events'::regclass
          ) AS bytes
        FROM events`,
    );
    const stored = rows[0];
    if (Number(stored?.events) !== RECORDS || Number(stored?.distinct) !== RECORDS)
      throw new Error(
        `of ${RECORDS} records ${stored?.events} events were stored, ${stored?.distinct} of them distinct`,
      );
    report({
      name: "ingest.bytes_per_event",
      value: Math.round(Number(stored?.bytes) / RECORDS),
      unit: "B",
      baseline: bytes,
      ratio: round(Number(stored?.bytes) / RECORDS / bytes),
    });
    const { metricsUrl } = await starting;
    const memory = /^process_resident_memory_bytes (\S+)$/m.exec(
      await (await fetch(`${metricsUrl}/metrics`)).text(),
    )?.[1];
    report({
      name: "ingest.tap_memory",
      value: Math.round(Number(memory) / 1_048_576),
      unit: "MiB",
      baseline: null,
      ratio: null,
    });
  } finally {
    await pool.end();
    await flowtap.stop();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

const readRaw = (brokers: readonly string[]) =>
  promisify(execFile)(
    process.execPath,
    [path.join(import.meta.dirname, "read-raw.ts"), brokers.join(","), TOPIC, String(RECORDS)],
    { timeout: LIMIT_MS },
  );

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** Seconds since `startedAt` when it held for the first time. */
async function withTap(
  starting: Promise<{ isRunning(): boolean }>,
  startedAt: number,
  holds: () => Promise<boolean>,
): Promise<number> {
  const failed = new Promise<never>((_resolve, reject) => void starting.catch(reject));
  while (!(await Promise.race([holds(), failed]))) {
    if (performance.now() - startedAt > LIMIT_MS) throw new Error("the tap did not get through in time");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return (performance.now() - startedAt) / 1000;
}

/** The correlator's cursor is past every transaction that wrote events. */
async function isCorrelated(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ left: boolean }>(
    `
      SELECT EXISTS (SELECT 1 FROM event_batches WHERE xid >= (value->>'xid')::bigint) AS left
      FROM cursors
      WHERE name = 'causes'`,
  );
  return rows[0]?.left === false;
}

const round = (ratio: number): number => Math.round(ratio * 1000) / 1000;
