/** Groups in a Postgres, the alert loop in a process of its own, and receivers of every kind. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { stringify } from "yaml";
import { openLeash, type LeashedProcess } from "#lib/demo/stack/leash.ts";
import { openDatabase, type Database } from "#lib/store/db/database.ts";
import { migrate } from "#e2e/stack/postgres-template.ts";
import { openPool, startPostgres, temporaryFolder } from "../stack/stack.ts";
import { alertConfig, LATER } from "./alert-config.ts";
import { startHttpReceiver, startMailReceiver, type HttpReceiver, type MailReceiver } from "./alert-receivers.ts";

const WITHIN_MS = 60_000;

export const POISON = {
  cause: "poison_event",
  sinceMs: null,
  sentence: "orders[3] stands at 91,204 & <waits>",
  at: { topic: "orders", partition: 3, offset: "91204" },
  facts: [{ label: "Redelivered", value: "41 times" }],
  data: {},
};

interface Row {
  readonly id: string;
  readonly channel: string;
  readonly kind: string;
  readonly status: string;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly dedup_key: string;
}

/** of a mail */
export const header = (source: string, name: string): string =>
  new RegExp(`^${name}: ((?:.*)(?:\\r?\\n[ \\t].*)*)`, "im").exec(source)?.[1]?.replace(/\s+/g, " ") ?? "";

export type AlertWorld = ReturnType<typeof openAlertWorld>;

/** Nothing runs before `start`. */
export function openAlertWorld() {
  let postgres: Awaited<ReturnType<typeof startPostgres>>;
  let pool: pg.Pool;
  let database: Database;
  let web: HttpReceiver;
  let mail: MailReceiver;
  let judging: NodeJS.Timeout;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let runner: LeashedProcess;
  const leash = openLeash();

  const start = async () => {
    [postgres, web, mail, folder] = await Promise.all([
      startPostgres(),
      startHttpReceiver(),
      startMailReceiver(),
      temporaryFolder("alerts"),
    ]);
    await migrate(postgres.url);
    pool = openPool(postgres.url, 2);
    database = openDatabase({ url: postgres.url });
    await pool.query("INSERT INTO clusters (id, name, system, state) VALUES (1, 'test', 'kafka', 'connected')");
    await pool.query(
      `
      INSERT INTO consumer_groups (
        cluster_id, name, protocol, state, member_count, verdict, lag_messages, time_lag_ms, evaluated_at
      )
      SELECT 1, name, 'classic', 'stable', 2, 'ok', 0, 0, now()
      FROM unnest($1::text[]) AS name`,
      [["payments", "orders", "shipping", "slow", "refused", "quiet", "killed", "ambiguous", "hanging", ...LATER]],
    );
    // As the inspector does, that groups are looked at.
    judging = setInterval(
      () => void pool.query("UPDATE consumer_groups SET evaluated_at = now()").catch(() => undefined),
      2000,
    );
    await writeFile(path.join(folder.dir, "flowtap.yaml"), stringify(alertConfig(web.url, mail.port)));
    runner = await startRunner();
  };

  const stop = async () => {
    clearInterval(judging);
    await leash.close();
    await database?.close();
    await pool?.end();
    await Promise.all([web?.close(), mail?.close()]);
    await postgres?.stop();
    await folder?.remove();
  };

  const startRunner = () =>
    leash.start({
      name: "alerts",
      command: process.execPath,
      args: [path.join(import.meta.dirname, "alert-runner.ts")],
      env: { DATABASE_URL: postgres.url, FLOWTAP_CONFIG: path.join(folder.dir, "flowtap.yaml") },
      logFile: path.join(folder.dir, "alerts.log"),
      stopSignal: "SIGTERM",
    });

  const poisoned = (...groups: string[]) =>
    pool.query(
      `
      UPDATE consumer_groups
      SET verdict = 'stalled',
        cause = 'poison_event',
        cause_detail = $2,
        reason = 'has not moved',
        lag_messages = 4212,
        time_lag_ms = 1080000
      WHERE name = ANY($1)`,
      [groups, POISON],
    );
  const stuck = (...groups: string[]) =>
    pool.query("UPDATE consumer_groups SET verdict = 'stalled', reason = 'has not moved' WHERE name = ANY($1)", [
      groups,
    ]);
  const mended = (...groups: string[]) =>
    pool.query(
      `
      UPDATE consumer_groups
      SET verdict = 'ok', cause = NULL, cause_detail = NULL, reason = NULL, lag_messages = 0, time_lag_ms = 0
      WHERE name = ANY($1)`,
      [groups],
    );
  /** Half a minute of holding goes by. */
  const holdPasses = () =>
    pool.query(
      `
      UPDATE alerts
      SET cleared_at = cleared_at - interval '31 seconds'
      WHERE state = 'firing' AND cleared_at IS NOT NULL`,
    );

  async function until<T>(
    what: string,
    read: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  ): Promise<T> {
    const deadline = Date.now() + WITHIN_MS;
    for (;;) {
      const found = await read();
      if (found !== null && found !== undefined && found !== false) return found;
      if (Date.now() > deadline) {
        const received = web.received.map((one) => one.path);
        const log = (await deliveries()).map((one) => [
          one.channel,
          one.kind,
          one.status,
          one.attempts,
          one.last_error,
        ]);

        assert.fail(
          `${what} within ${WITHIN_MS / 1000} s; received: ${JSON.stringify(received)}; log: ${JSON.stringify(log)}`,
        );
      }
      await sleep(200);
    }
  }
  const deliveries = async (channel?: string): Promise<Row[]> =>
    (
      await pool.query<Row>(
        `
        SELECT id, channel, kind, status, attempts, last_error, dedup_key
        FROM alert_deliveries
        WHERE $1::text IS NULL OR channel = $1
        ORDER BY id`,
        [channel ?? null],
      )
    ).rows;
  const settled = (channel: string, status: string) =>
    until(`${channel} ${status}`, async () => (await deliveries(channel)).every((one) => one.status === status));

  return {
    get pool() {
      return pool;
    },
    get database() {
      return database;
    },
    get web() {
      return web;
    },
    get mail() {
      return mail;
    },
    get runner() {
      return runner;
    },
    start,
    stop,
    startRunner,
    poisoned,
    stuck,
    mended,
    holdPasses,
    until,
    deliveries,
    settled,
  };
}
