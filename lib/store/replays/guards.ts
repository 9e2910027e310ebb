/** What a run's guards look at, all of it stored: whoever carries the run next decides the same. */
import type pg from "pg";
import { z } from "zod";
import { OUTCOMES_WATCHED, type CanaryFacts, type Surroundings } from "#lib/domain/replay/guards.ts";

/** The part of a run's `result` that its guards keep there. */
const GuardNotes = z.object({
  /** the canary need not be asked again */
  canarySettled: z.boolean().optional(),
  /** who paused it: only what a guard has stopped is overruled by resuming */
  pausedBy: z.enum(["guard", "person"]).optional(),
  /** outcomes and troubles from before this were seen by the person who resumed it */
  guardedSince: z.iso.datetime().optional(),
});

export type GuardFacts = { readonly canary: CanaryFacts } & Omit<Surroundings, "stopAbove">;

interface FactRow {
  readonly result: unknown;
  readonly started_at: Date | null;
  readonly sent: number;
  readonly refused: number;
  readonly verified: number;
  readonly failed_again: number;
  readonly last_sent_at: Date | null;
  readonly late_verified: number;
  readonly late_failed_again: number;
  readonly group_name: string | null;
  readonly cause: string | null;
  readonly cause_since: Date | null;
  readonly reason: string | null;
}

const FACTS = `
  SELECT r.result, r.started_at, first.*, late.*, g.name AS group_name, g.cause, g.cause_since, g.reason
  FROM replay_runs r
  LEFT JOIN consumer_groups g ON g.cluster_id = r.cluster_id AND g.name = r.group_name AND g.gone_at IS NULL
  CROSS JOIN LATERAL (
    SELECT (count(*) FILTER (WHERE status = 'sent'))::int AS sent,
      (count(*) FILTER (WHERE status = 'failed'))::int AS refused, (count(outcome))::int AS verified,
      (count(*) FILTER (WHERE outcome = 'dead_lettered'))::int AS failed_again, max(sent_at) AS last_sent_at
    FROM (
      SELECT *
      FROM replay_items
      WHERE run_id = r.id AND status <> 'skipped'
      ORDER BY seq
      LIMIT $2
    ) i
  ) first
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS late_verified,
      (count(*) FILTER (WHERE outcome = 'dead_lettered'))::int AS late_failed_again
    FROM (
      SELECT outcome
      FROM replay_items
      WHERE run_id = r.id
        AND outcome IS NOT NULL
        AND sent_at > COALESCE((r.result->>'guardedSince')::timestamptz, '-infinity')
      ORDER BY seq DESC
      LIMIT ${OUTCOMES_WATCHED}
    ) i
  ) late
  WHERE r.id = $1`;

export async function readGuardFacts(client: pg.Client, runId: number, canaryItems: number): Promise<GuardFacts> {
  const row = (await client.query<FactRow>(FACTS, [runId, canaryItems])).rows[0];
  if (row === undefined) throw new Error(`replay ${runId} is gone`);
  const notes = GuardNotes.catch({}).parse(row.result ?? {});
  return {
    canary: {
      settled: notes.canarySettled === true,
      sent: row.sent,
      refused: row.refused,
      verified: row.verified,
      failedAgain: row.failed_again,
      lastSentAtMs: row.last_sent_at?.getTime() ?? null,
    },
    verified: row.late_verified,
    failedAgain: row.late_failed_again,
    group:
      row.group_name === null
        ? null
        : {
            name: row.group_name,
            cause: row.cause,
            causeSinceMs: row.cause_since?.getTime() ?? null,
            reason: row.reason,
          },
    sinceMs: notes.guardedSince !== undefined ? Date.parse(notes.guardedSince) : (row.started_at?.getTime() ?? 0),
  };
}
