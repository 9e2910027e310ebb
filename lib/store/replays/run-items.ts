/** The items of a claimed run, and how far each has come: pending → sending → sent, or failed, or skipped. */
import { ReplayItemEdit } from "#lib/contracts/replay-draft.ts";
import type { ItemEdit } from "#lib/domain/replay/edit.ts";
import type { ItemReason } from "#lib/domain/replay/item-reason.ts";
import type { SeenRecord } from "#lib/domain/replay/same-record.ts";
import type { RunConnection } from "./run-connection.ts";
import {
  SELECT_ITEMS,
  SELECT_UNSENT,
  COUNT_ITEMS,
  SELECT_TARGETS,
  LOCK_RUN,
  MARK_SENDING,
  NOTE_RESULT,
  MARK_SENT,
  MARK_FAILURES_REPLAYING,
  MARK_PENDING,
  MARK_FAILED,
  SKIP_PENDING,
} from "./run-item-statements.ts";

const MAX_DETAIL_CHARS = 500;

export interface ReplayItem {
  readonly seq: number;
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  readonly targetTopic: string;
  readonly targetPartition: number | null;
  /** what was seen where it lies */
  readonly seen: SeenRecord;
  /** null: not known */
  readonly publishedAtMs: number | null;
  /** what it is sent with instead of what lies there */
  readonly edit: ItemEdit | null;
}

export interface UnsentItem {
  readonly seq: number;
  readonly status: "pending" | "sending";
  readonly targetTopic: string;
  readonly targetPartition: number | null;
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
  readonly key: string | null;
  readonly published_at: Date | null;
  readonly seen_at: Date | null;
  readonly seen_bytes: number | null;
}

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
      seen: { key: item.key, atMs: item.seen_at?.getTime() ?? null, sizeBytes: item.seen_bytes },
      publishedAtMs: item.published_at?.getTime() ?? null,
      edit: ReplayItemEdit.nullable().parse(item.edit),
    }));
  }

  async count(status: "pending" | "sending" | "sent" | "failed"): Promise<number> {
    return (await this.#connection.query<{ items: number }>(COUNT_ITEMS, status)).rows[0]?.items ?? 0;
  }

  /** Those of which it is not noted that they were sent. */
  async readUnsent(): Promise<UnsentItem[]> {
    const { rows } = await this.#connection.query<{
      readonly seq: number;
      readonly status: "pending" | "sending";
      readonly target_topic: string;
      readonly target_partition: number | null;
    }>(SELECT_UNSENT);
    return rows.map((row) => ({
      seq: row.seq,
      status: row.status,
      targetTopic: row.target_topic,
      targetPartition: row.target_partition,
    }));
  }

  /** Where what is left goes; a partition of null: by key. */
  async targets(): Promise<{ readonly topic: string; readonly partition: number | null }[]> {
    return (await this.#connection.query<{ topic: string; partition: number | null }>(SELECT_TARGETS)).rows;
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
