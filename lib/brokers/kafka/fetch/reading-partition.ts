/** A partition that is assigned to this tap, and how far it is read. */
import type { BrokerFault } from "../../ports/errors.ts";
import type { AssignedPartition, LogPosition } from "../../ports/log-source.ts";
import { fetchKey, type WantedPartition } from "./fetch-session.ts";
import { OwnTransactions, type Transactions } from "./transactions.ts";

const FIRST_MAX_BYTES = 1024 * 1024;
const MOST_BYTES = 64 * 1024 * 1024;
const BACKOFF_MS = { first: 250, most: 5000 } as const;
/** The same batch is tried this often before reading goes on behind it. */
const TRIES_OF_A_BATCH = 3;

export interface FailuresInARow {
  readonly failures: number;
  readonly lastingMs: number;
}

export class ReadingPartition {
  readonly assigned: AssignedPartition;
  /** the offset of the next record to hand over; -1: not known yet */
  position = -1n;
  /** where it is fetched from: before the position, as long as open transactions are read again that began there */
  fetchFrom = -1n;
  /** only where each transaction counts on its own; see OwnTransactions */
  transactions: Transactions | undefined;
  /** of the last record read; -1: not known */
  leaderEpoch = -1;
  /** as the metadata says; empty: not known yet */
  topicId = "";
  /** the broker it is fetched from; null: none at the moment */
  node: number | null = null;
  /** why it is not read; null while it is */
  fault: BrokerFault | null = null;
  retryAtMs = 0;
  hasBeenRead = false;
  seeks = 0;
  readonly #hasOwnTransactions: boolean;
  #failures = 0;
  #failingSinceMs = 0;
  #maxBytes = FIRST_MAX_BYTES;
  #wanted: WantedPartition | null = null;
  #failedBatch: { readonly baseOffset: bigint; tries: number } | null = null;

  constructor(assigned: AssignedPartition, hasOwnTransactions: boolean) {
    this.assigned = assigned;
    this.#hasOwnTransactions = hasOwnTransactions;
  }

  /** As it is to be asked for now: the same object as long as nothing has changed. */
  wanted(isById: boolean): WantedPartition {
    const { topicId, fetchFrom: fetchOffset, leaderEpoch: lastFetchedEpoch } = this;
    const maxBytes = this.#maxBytes;
    const last = this.#wanted;
    if (
      last?.topicId === topicId &&
      last.fetchOffset === fetchOffset &&
      last.lastFetchedEpoch === lastFetchedEpoch &&
      last.maxBytes === maxBytes
    )
      return last;
    const { topic, partition } = this.assigned;
    const key = fetchKey(isById ? topicId : topic, partition);
    return (this.#wanted = { key, topic, partition, topicId, fetchOffset, lastFetchedEpoch, maxBytes });
  }

  /** Reading begins at this position, and anew: what is being read right now does not count. */
  seek({ offset, resumeFrom, leaderEpoch }: LogPosition): void {
    this.seeks++;
    this.retryAtMs = 0;
    this.position = offset;
    this.fetchFrom = this.#hasOwnTransactions ? resumeFrom : offset;
    this.leaderEpoch = this.fetchFrom === offset ? leaderEpoch : -1;
    this.transactions = this.#hasOwnTransactions ? new OwnTransactions() : undefined;
  }

  /** Reading goes on at this offset. */
  moveTo(offset: bigint, leaderEpoch: number): void {
    if (offset > this.position) this.position = offset;
    this.fetchFrom = offset;
    this.leaderEpoch = leaderEpoch;
  }

  onRead(hasMoved: boolean): void {
    this.hasBeenRead = true;
    this.fault = null;
    this.#failures = 0;
    if (hasMoved) this.#maxBytes = FIRST_MAX_BYTES;
  }

  /** It is tried again after a pause that grows with the number of failures in a row. */
  onFault(fault: BrokerFault, nowMs: number, sinceMs: number): FailuresInARow {
    this.fault = fault;
    this.node = null;
    this.retryAtMs = nowMs + Math.min(BACKOFF_MS.first * 2 ** this.#failures, BACKOFF_MS.most);
    if (this.#failures++ === 0) this.#failingSinceMs = sinceMs;
    return { failures: this.#failures, lastingMs: nowMs - this.#failingSinceMs };
  }

  /** Answers whether its next batch is larger than what was asked for, so that more must be asked for. */
  askForMore(): boolean {
    if (this.#maxBytes >= MOST_BYTES) return false;
    this.#maxBytes *= 4;
    return true;
  }

  onUnreadableBatch(baseOffset: bigint): void {
    if (this.#failedBatch?.baseOffset === baseOffset) this.#failedBatch.tries++;
    else this.#failedBatch = { baseOffset, tries: 1 };
  }

  /** The batch to be given up on, by its base offset; null: none. */
  get giveUpOn(): bigint | null {
    const failed = this.#failedBatch;
    return failed !== null && failed.tries >= TRIES_OF_A_BATCH ? failed.baseOffset : null;
  }
}
