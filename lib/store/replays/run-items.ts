/** The items of a claimed run, and how far each has come: pending → sending → sent, or failed, or skipped. */
import { ReplayItemEdit } from "#lib/contracts/replay-input.ts";
import type { ItemEdit } from "#lib/domain/replay/edit.ts";
import type { ItemReason } from "#lib/domain/replay/item-reason.ts";
import type { RunConnection } from "./run-connection.ts";

const MAX_DETAIL_CHARS = 500;

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

/** Where an item was written. */
export interface SentItem {
  readonly seq: number;
  readonly partition: number;
  readonly offset: bigint;
}

/** An item that cannot be sent: a reason of ours, or the broker's refusal in its own words. */
export type ItemFault =
  | { readonly seq: number; readonly reason: ItemReason }
  | { readonly seq: number; readonly detail: string };

interface ItemRow {
  readonly seq: number;
  readonly source_topic: string;
  readonly source_partition: number;
  readonly source_offset: string;
  readonly target_topic: string;
  readonly target_partition: number | null;
  readonly edit: unknown;
}

const SELECT_ITEMS = `
  SELECT seq, source_topic, source_partition, source_offset, target_topic, target_partition, edit
  FROM replay_items
  WHERE run_id = $1 AND status = $2
  ORDER BY seq
  LIMIT $3`;
const COUNT_ITEMS = "SELECT count(*)::int AS items FROM replay_items WHERE run_id = $1 AND status = $2";
const SELECT_TARGETS = "SELECT DISTINCT target_topic AS topic FROM replay_items WHERE run_id = $1";

const LOCK_RUN = "SELECT status FROM replay_runs WHERE id = $1 FOR UPDATE";
const MARK_SENDING = `
  UPDATE replay_items
  SET status = 'sending'
  WHERE run_id = $1 AND seq = ANY($2) AND status = 'pending'`;
const NOTE_RESULT = "UPDATE replay_runs SET result = COALESCE(result, '{}') || $2 WHERE id = $1";
const MARK_SENT = `
  UPDATE replay_items i
  SET status = 'sent',
    sent_at = now(),
    target_partition = sent.partition,
    target_offset = sent.position,
    outcome = $5
  FROM unnest($2::int[], $3::int[], $4::bigint[]) AS sent(seq, partition, position)
  WHERE i.run_id = $1 AND i.seq = sent.seq`;
const MARK_FAILURES_REPLAYING = `
  UPDATE failures
  SET status = 'replaying'
  FROM replay_items i
  WHERE i.run_id = $1
    AND i.seq = ANY($2)
    AND failures.id = i.failure_id
    AND failures.status = 'open'`;
const MARK_PENDING = `
  UPDATE replay_items
  SET status = 'pending'
  WHERE run_id = $1 AND seq = ANY($2) AND status = 'sending'`;
const MARK_FAILED = `
  UPDATE replay_items i
  SET status = 'failed', reason = fault.reason, detail = fault.detail
  FROM unnest($2::int[], $3::text[], $4::text[]) AS fault(seq, reason, detail)
  WHERE i.run_id = $1 AND i.seq = fault.seq`;
const SKIP_PENDING = `
  UPDATE replay_items
  SET status = 'skipped', reason = $2, detail = NULL
  WHERE run_id = $1 AND status = 'pending'`;

export class RunItems {
  readonly #connection: RunConnection;
  /** what is sent to a sandbox has no outcome to wait for */
  readonly #hasOutcome: boolean;

  constructor(connection: RunConnection, { hasOutcome }: { readonly hasOutcome: boolean }) {
    this.#connection = connection;
    this.#hasOutcome = hasOutcome;
  }

  /** The first items of that status, by seq. */
  async read(status: "pending" | "sending", limit: number): Promise<ReplayItem[]> {
    const { rows } = await this.#connection.query<ItemRow>(SELECT_ITEMS, status, limit);
    return rows.map((item) => ({
      seq: item.seq,
      sourceTopic: item.source_topic,
      sourcePartition: item.source_partition,
      sourceOffset: BigInt(item.source_offset),
      targetTopic: item.target_topic,
      targetPartition: item.target_partition,
      edit: ReplayItemEdit.nullable().parse(item.edit),
    }));
  }

  async count(status: "pending" | "sending" | "sent" | "failed"): Promise<number> {
    return (await this.#connection.query<{ items: number }>(COUNT_ITEMS, status)).rows[0]?.items ?? 0;
  }

  async targetTopics(): Promise<string[]> {
    return (await this.#connection.query<{ topic: string }>(SELECT_TARGETS)).rows.map(({ topic }) => topic);
  }

  /** Written before anything is sent. False: the run must not go on, and nothing was marked. */
  markSending(seqs: readonly number[], result: object): Promise<boolean> {
    return this.#connection.change(async () => {
      const run = await this.#connection.query<{ status: string }>(LOCK_RUN);
      if (run.rows[0]?.status !== "running") return false;
      await this.#connection.query(MARK_SENDING, seqs);
      await this.#connection.query(NOTE_RESULT, JSON.stringify(result));
      return true;
    });
  }

  async markSent(items: readonly SentItem[]): Promise<void> {
    const seqs = items.map(({ seq }) => seq);
    await this.#connection.change(async () => {
      await this.#connection.query(
        MARK_SENT,
        seqs,
        items.map(({ partition }) => partition),
        items.map(({ offset }) => offset.toString()),
        this.#hasOutcome ? null : "not_applicable",
      );
      await this.#connection.query(MARK_FAILURES_REPLAYING, seqs);
    });
  }

  async markPending(seqs: readonly number[]): Promise<void> {
    await this.#connection.query(MARK_PENDING, seqs);
  }

  async markFailed(faults: readonly ItemFault[]): Promise<void> {
    await this.#connection.change(() =>
      this.#connection.query(
        MARK_FAILED,
        faults.map(({ seq }) => seq),
        faults.map((fault) => ("reason" in fault ? fault.reason : null)),
        faults.map((fault) => ("detail" in fault ? fault.detail.slice(0, MAX_DETAIL_CHARS) : null)),
      ),
    );
  }

  async skipPending(reason: ItemReason): Promise<void> {
    await this.#connection.change(() => this.#connection.query(SKIP_PENDING, reason));
  }
}
