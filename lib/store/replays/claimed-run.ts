/** A run that one process has claimed and executes: its plan, its status, what holds it up, how it ends. */
import type { OffsetResetPreview } from "#lib/contracts/replay-preview.ts";
import { holdText, type SelfPause, type Wait } from "#lib/domain/replay/hold.ts";
import type { ReplayStatus } from "#lib/domain/replay/run.ts";
import type { Database } from "../db/database.ts";
import { takeLeadership } from "../db/leader-lock.ts";
import { wordOf } from "../db/rows.ts";
import {
  COMMIT_TO_DISK,
  SELECT_RESULT,
  SELECT_RUN,
  SELECT_STATUS,
  BEGIN,
  BEGIN_RESET,
  WITHDRAW_RESET,
  SET_HOLD,
  NOTE_CANARY_SETTLED,
  PAUSE,
  AUDIT_PAUSE,
  FINISH,
  RESOLVE_UNSKIPPED,
  SELECT_STARTER,
} from "./claimed-run-statements.ts";
import { readGuardFacts, type GuardFacts } from "./guards.ts";
import { StoredPlan } from "./plan.ts";
import { RunConnection } from "./run-connection.ts";
import { RunItems } from "./run-items.ts";
import type { FormerOffsets } from "./run-log.ts";

interface RunRow {
  readonly plan: unknown;
  readonly result: unknown;
  readonly cluster: string;
}

/** Null: another process has claimed it, or it is gone. */
export async function claimRun(database: Database, id: number): Promise<ClaimedRun | null> {
  const leadership = await takeLeadership(database, "replay", id);
  if (leadership === null) return null;
  const connection = new RunConnection(id, leadership);
  try {
    await leadership.client.query(COMMIT_TO_DISK);
    const row = (await connection.query<RunRow>(SELECT_RUN)).rows[0];
    if (row !== undefined) return new ClaimedRun(connection, row);
  } catch (error) {
    await connection.release().catch(() => undefined);
    throw error;
  }
  await connection.release();
  return null;
}

export class ClaimedRun {
  readonly id: number;
  readonly cluster: string;
  /** what the run calls itself at the broker: its id for people, its token against every other Flowtap */
  readonly wireName: string;
  /** aborted when the lock's connection is gone */
  readonly lost: AbortSignal;
  readonly items: RunItems;
  /** the targets were searched for what an earlier process has sent of it */
  isSearched = false;
  readonly #connection: RunConnection;
  #plan: StoredPlan;
  #result: unknown;

  constructor(connection: RunConnection, row: RunRow) {
    this.#connection = connection;
    this.#plan = StoredPlan.parse(row.plan);
    this.#result = row.result;
    this.id = connection.runId;
    this.lost = connection.lost;
    this.cluster = row.cluster;
    this.wireName = `${this.id}-${this.#plan.token}`;
    const { preview } = this.#plan;
    this.items = new RunItems(connection, { hasOutcome: preview.kind !== "redrive" || preview.to.how !== "sandbox" });
  }

  get plan(): StoredPlan {
    return this.#plan;
  }

  get result(): unknown {
    return this.#result;
  }

  /** as it is noted now; `result` is as it was when the run was claimed */
  async readResult(): Promise<unknown> {
    return (await this.#connection.query<{ result: unknown }>(SELECT_RESULT)).rows[0]?.result ?? null;
  }

  /** `gone`: it was deleted */
  async status(): Promise<ReplayStatus | "gone"> {
    const { rows } = await this.#connection.query<{ status: string }>(SELECT_STATUS);
    return wordOf("replay_runs.status", rows[0]?.status ?? null) ?? "gone";
  }

  /** queued → running; what was already running goes on */
  async begin(): Promise<void> {
    await this.#connection.change(() => this.#connection.query(BEGIN));
  }

  /**
   * Notes what a reset does and where the group stood, before it is done. False: the run must not go on, and nothing
   * was noted.
   */
  async beginReset(preview: OffsetResetPreview, former: FormerOffsets): Promise<boolean> {
    const { rowCount } = await this.#connection.change(() =>
      this.#connection.query(BEGIN_RESET, JSON.stringify(preview), JSON.stringify(former)),
    );
    if (rowCount !== 1) return false;
    this.#plan = { ...this.#plan, preview };
    this.#result = former;
    return true;
  }

  /** The broker refused the reset: nothing was moved, and the run can be cancelled again. */
  async withdrawReset(): Promise<void> {
    await this.#connection.query(WITHDRAW_RESET);
    this.#result = null;
  }

  /** What the run waits for, shown while it runs; null: nothing any more. */
  async setWait(wait: Wait | null): Promise<void> {
    await this.#connection.change(() => this.#connection.query(SET_HOLD, wait === null ? null : JSON.stringify(wait)));
  }

  guardFacts(canaryItems: number): Promise<GuardFacts> {
    return readGuardFacts(this.#connection.client, this.id, canaryItems);
  }

  /** The canary need not be checked again. */
  async noteCanarySettled(): Promise<void> {
    await this.#connection.query(NOTE_CANARY_SETTLED);
  }

  /** Running → paused, by itself; a person resumes it. */
  async pause(hold: SelfPause): Promise<void> {
    await this.#connection.change(async () => {
      const paused = await this.#connection.query(PAUSE, JSON.stringify(hold));
      if (paused.rowCount === 1) await this.#connection.query(AUDIT_PAUSE, holdText(hold));
    });
  }

  async finish(status: "completed" | "failed" | "cancelled", error: string | null): Promise<void> {
    await this.#connection.change(async () => {
      await this.#connection.query(FINISH, status, error);
      if (status === "completed") await this.#connection.query(RESOLVE_UNSKIPPED);
    });
  }

  /** The person who started it, and their reason. */
  async startedBy(): Promise<{ readonly actor: string; readonly reason: string }> {
    const { rows } = await this.#connection.query<{ actor: string; reason: string }>(SELECT_STARTER);
    return rows[0] ?? { actor: "somebody", reason: "" };
  }

  release(): Promise<void> {
    return this.#connection.release();
  }
}
