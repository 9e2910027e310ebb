/**
 * A run in the hands of the one who carries it out. Everything it writes goes through the very connection that holds
 * the run's advisory lock: whoever has lost the lock has lost the connection, and with it the means to write.
 */
import pg from "pg";
import type { Database } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";
import { inTransaction } from "../db/transaction.ts";
import { ReplayItemEdit, type OffsetResetPreview } from "#lib/contracts/replays.ts";
import type { ItemEdit } from "#lib/domain/replay/edit.ts";
import type { ReplayItemStatus, ReplayKind, ReplayStatus } from "#lib/domain/replay/run.ts";
import { readGuardFacts, type GuardFacts } from "./guards.ts";
import { StoredPlan } from "./plan.ts";
import type { FormerOffsets } from "./run-log.ts";

const RUN_LOCK = 0x666c_7275; // "flru"

export interface ReplayItem {
  readonly seq: number;
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  readonly targetTopic: string;
  readonly targetPartition: number | null;
  /** what it is sent with instead of what lies there */
  readonly edit: ItemEdit | null;
}

export interface ClaimedRun {
  readonly id: number;
  readonly kind: ReplayKind;
  readonly cluster: string;
  readonly plan: StoredPlan;
  /** what the run calls itself at the broker: its id for people, its token against every other Flowtap */
  readonly wireName: string;
  readonly result: unknown;
  /** aborted when the lock's connection is gone */
  readonly lost: AbortSignal;
  /** `gone`: there is no such run any more */
  status(): Promise<ReplayStatus | "gone">;
  /** queued → running; what was already running goes on */
  begin(): Promise<void>;
  items(status: Extract<ReplayItemStatus, "pending" | "sending">, limit: number): Promise<ReplayItem[]>;
  countOf(status: Exclude<ReplayItemStatus, "skipped">): Promise<number>;
  targetTopics(): Promise<string[]>;
  /** Written before anything is sent. False when the run is no longer to go on; then nothing was marked. */
  markSending(seqs: readonly number[], result: object): Promise<boolean>;
  markSent(
    placed: readonly { readonly seq: number; readonly partition: number; readonly offset: bigint }[],
  ): Promise<void>;
  markPending(seqs: readonly number[]): Promise<void>;
  markFailed(faults: readonly { readonly seq: number; readonly detail: string }[]): Promise<void>;
  skipPending(detail: string): Promise<void>;
  /**
   * What a reset does and where the group stood, before it is done. False when the run is no longer to go on; then
   * nothing was noted.
   */
  beginReset(preview: OffsetResetPreview, former: FormerOffsets): Promise<boolean>;
  /** the broker did not do it: nothing stands noted, and it may be cancelled again */
  withdrawReset(): Promise<void>;
  /** what holds the run up, shown while it runs; null: nothing any more */
  setTrouble(words: string | null): Promise<void>;
  guardFacts(canaryItems: number): Promise<GuardFacts>;
  /** the canary need not be asked again */
  noteCanarySettled(): Promise<void>;
  /** Running → paused, by itself; a person resumes it. */
  pause(why: string): Promise<void>;
  finish(status: "completed" | "failed" | "cancelled", error: string | null): Promise<void>;
  /** who let it run, and why */
  startedBy(): Promise<{ readonly actor: string; readonly reason: string }>;
  release(): Promise<void>;
}

/**
 * Runs that wait for a carrier: queued or running ones, and cancelled or paused ones whose last batch is
 * not settled yet.
 */
export async function readRunsToClaim({ prisma }: Database): Promise<number[]> {
  const rows = await prisma.$queryRaw<{ id: number }[]>`
    SELECT id
    FROM replay_runs r
    WHERE status IN ('queued', 'running')
      OR (
        status = 'cancelled'
        AND EXISTS (
          SELECT 1
          FROM replay_items i
          WHERE i.run_id = r.id AND i.status IN ('pending', 'sending')
        )
      )
      OR (status = 'paused' AND EXISTS (SELECT 1 FROM replay_items i WHERE i.run_id = r.id AND i.status = 'sending'))
    ORDER BY id
    LIMIT 100`;
  return rows.map((row) => row.id);
}

/** Drafts nobody ran. */
export async function deleteOldDrafts({ prisma }: Database, before: Date): Promise<void> {
  await prisma.replayRun.deleteMany({ where: { status: "draft", createdAt: { lt: before } } });
}

/** Null when another carrier has it, or it is gone. */
export async function claimRun(database: Database, id: number): Promise<ClaimedRun | null> {
  const client = new pg.Client(database.pool.options);
  const lost = new AbortController();
  client.on("error", () => lost.abort());
  client.on("end", () => lost.abort());
  await client.connect();
  try {
    const lock = await client.query<{ held: boolean }>("SELECT pg_try_advisory_lock($1, $2) AS held", [RUN_LOCK, id]);
    const found =
      lock.rows[0]?.held === true
        ? await client.query<RunRow>(
            `
              SELECT r.kind, r.plan, r.result, c.name AS cluster
              FROM replay_runs r
              JOIN clusters c ON c.id = r.cluster_id
              WHERE r.id = $1`,
            [id],
          )
        : null;
    const row = found?.rows[0];
    if (row !== undefined) return openRun(client, id, row, lost.signal);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  await client.end();
  return null;
}

interface RunRow {
  readonly kind: string;
  readonly plan: unknown;
  readonly result: unknown;
  readonly cluster: string;
}

interface ItemRow {
  readonly seq: number;
  readonly source_topic: string;
  readonly source_partition: number;
  readonly source_offset: string;
  readonly target_topic: string;
  readonly target_partition: number | null;
  readonly edit: unknown;
}

/**
 * The run $1 has taken a skip back: the group gets the event itself again, so that its copy stands for
 * nothing any more.
 */
const RESOLVE_UNSKIPPED = `
  UPDATE failures f
  SET status = 'resolved'
  FROM replay_runs r
  JOIN replay_runs s ON s.id = r.undoes_run_id AND s.kind = 'skip'
  JOIN replay_items i ON i.run_id = s.id
  JOIN destinations d ON d.cluster_id = s.cluster_id AND d.name = i.target_topic
  WHERE r.id = $1
    AND f.destination_id = d.id
    AND f.partition = i.target_partition
    AND f.position = i.target_offset
    AND f.status = 'open'`;

function openRun(client: pg.Client, id: number, row: RunRow, lost: AbortSignal): ClaimedRun {
  const say = (sql: string, ...values: unknown[]) => client.query(sql, [id, ...values]);
  const tellBrowsers = () => client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "replay", id })]);
  const together = <T>(work: () => Promise<T>): Promise<T> =>
    inTransaction(client, async () => {
      const result = await work();
      await tellBrowsers();
      return result;
    });
  const statusOf = async (forUpdate: string): Promise<ReplayStatus | "gone"> => {
    const { rows } = await client.query<{ status: string }>(
      `SELECT status FROM replay_runs WHERE id = $1 ${forUpdate}`,
      [id],
    );
    return wordOf("replay_runs.status", rows[0]?.status ?? null) ?? "gone";
  };
  let plan = StoredPlan.parse(row.plan);
  let result = row.result;
  return {
    id,
    kind: wordOf("replay_runs.kind", row.kind),
    cluster: row.cluster,
    get plan() {
      return plan;
    },
    wireName: `${id}-${plan.token}`,
    get result() {
      return result;
    },
    lost,
    status: () => statusOf(""),
    begin: async () =>
      void (await together(() =>
        say(
          `
            UPDATE replay_runs
            SET status = 'running', started_at = COALESCE(started_at, now())
            WHERE id = $1 AND status IN ('queued', 'running')`,
        ),
      )),
    items: async (status, limit) => {
      const { rows } = await client.query<ItemRow>(
        `
          SELECT seq, source_topic, source_partition, source_offset, target_topic, target_partition, edit
          FROM replay_items
          WHERE run_id = $1 AND status = $2
          ORDER BY seq
          LIMIT $3`,
        [id, status, limit],
      );
      return rows.map((item) => ({
        seq: item.seq,
        sourceTopic: item.source_topic,
        sourcePartition: item.source_partition,
        sourceOffset: BigInt(item.source_offset),
        targetTopic: item.target_topic,
        targetPartition: item.target_partition,
        edit: ReplayItemEdit.nullable().parse(item.edit),
      }));
    },
    countOf: async (status) =>
      (
        await client.query<{ items: number }>(
          "SELECT count(*)::int AS items FROM replay_items WHERE run_id = $1 AND status = $2",
          [id, status],
        )
      ).rows[0]?.items ?? 0,
    targetTopics: async () =>
      (
        await client.query<{ topic: string }>(
          "SELECT DISTINCT target_topic AS topic FROM replay_items WHERE run_id = $1",
          [id],
        )
      ).rows.map(({ topic }) => topic),
    markSending: (seqs, result) =>
      together(async () => {
        if ((await statusOf("FOR UPDATE")) !== "running") return false;
        await say(
          "UPDATE replay_items SET status = 'sending' WHERE run_id = $1 AND seq = ANY($2) AND status = 'pending'",
          seqs,
        );
        await say("UPDATE replay_runs SET result = COALESCE(result, '{}') || $2 WHERE id = $1", JSON.stringify(result));
        return true;
      }),
    markSent: async (placed) =>
      void (await together(async () => {
        await say(
          `
            UPDATE replay_items i
            SET status = 'sent',
              sent_at = now(),
              target_partition = placed.at,
              target_offset = placed.position,
              outcome = $5
            FROM unnest($2::int[], $3::int[], $4::bigint[]) AS placed(seq, at, position)
            WHERE i.run_id = $1 AND i.seq = placed.seq`,
          placed.map(({ seq }) => seq),
          placed.map(({ partition }) => partition),
          placed.map(({ offset }) => offset.toString()),
          plan.preview.kind === "redrive" && plan.preview.to.how === "sandbox" ? "not_applicable" : null,
        );
        await say(
          `
            UPDATE failures
            SET status = 'replaying'
            FROM replay_items i
            WHERE i.run_id = $1
              AND i.seq = ANY($2)
              AND failures.id = i.failure_id
              AND failures.status = 'open'`,
          placed.map(({ seq }) => seq),
        );
      })),
    markPending: async (seqs) =>
      void (await say(
        "UPDATE replay_items SET status = 'pending' WHERE run_id = $1 AND seq = ANY($2) AND status = 'sending'",
        seqs,
      )),
    markFailed: async (faults) =>
      void (await together(() =>
        say(
          `
            UPDATE replay_items i
            SET status = 'failed', detail = fault.detail
            FROM unnest($2::int[], $3::text[]) AS fault(seq, detail)
            WHERE i.run_id = $1 AND i.seq = fault.seq`,
          faults.map(({ seq }) => seq),
          faults.map(({ detail }) => detail.slice(0, 500)),
        ),
      )),
    skipPending: async (detail) =>
      void (await together(() =>
        say("UPDATE replay_items SET status = 'skipped', detail = $2 WHERE run_id = $1 AND status = 'pending'", detail),
      )),
    beginReset: (preview, former) =>
      together(async () => {
        if ((await statusOf("FOR UPDATE")) !== "running") return false;
        await say(
          "UPDATE replay_runs SET plan = jsonb_set(plan, '{preview}', $2), result = $3, error = NULL WHERE id = $1",
          JSON.stringify(preview),
          JSON.stringify(former),
        );
        [plan, result] = [{ ...plan, preview }, former];
        return true;
      }),
    withdrawReset: async () => {
      await say("UPDATE replay_runs SET result = NULL WHERE id = $1");
      result = null;
    },
    setTrouble: async (words) =>
      void (await together(() =>
        say("UPDATE replay_runs SET error = $2 WHERE id = $1 AND finished_at IS NULL", words),
      )),
    guardFacts: (canaryItems) => readGuardFacts(client, id, canaryItems),
    noteCanarySettled: async () =>
      void (await say(
        `UPDATE replay_runs SET result = COALESCE(result, '{}') || '{"canarySettled": true}' WHERE id = $1`,
      )),
    pause: async (why) =>
      void (await together(async () => {
        const paused = await say(
          `
            UPDATE replay_runs
            SET status = 'paused', error = $2, result = COALESCE(result, '{}') || '{"pausedBy": "guard"}'
            WHERE id = $1 AND status = 'running'`,
          why.slice(0, 500),
        );
        if (paused.rowCount === 1)
          await say(
            `
              INSERT INTO audit_entries (actor, role, action, target, reason)
              VALUES ('Flowtap', 'tap', 'replay.redrive.pause', 'replay/' || $1::int, $2)`,
            why.slice(0, 500),
          );
      })),
    finish: async (status, error) =>
      void (await together(async () => {
        await say(
          "UPDATE replay_runs SET status = $2, error = $3, finished_at = now() WHERE id = $1 AND finished_at IS NULL",
          status,
          error,
        );
        if (status === "completed") await say(RESOLVE_UNSKIPPED);
      })),
    startedBy: async () => {
      const { rows } = await client.query<{ actor: string; reason: string }>(
        `
          SELECT actor, COALESCE(reason, '') AS reason
          FROM audit_entries
          WHERE target = 'replay/' || $1::int AND action LIKE '%.run'
          ORDER BY id DESC
          LIMIT 1`,
        [id],
      );
      return rows[0] ?? { actor: "somebody", reason: "" };
    },
    // Closing the connection is what gives the lock back.
    release: () => client.end(),
  };
}
