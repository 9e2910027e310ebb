/**
 * Where a cluster's commits come from: its commit log, where that may be read (tapped), or questions about each group
 * (polled). The monitor asks the database which of the two it is.
 */
import type { CommitLog } from "#lib/brokers/ports/commit-log.ts";
import { setCommitSource } from "#lib/store/ingest/clusters.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import type { Logger } from "#lib/telemetry/log.ts";

const TRY_AGAIN_AFTER_MS = 300_000;
/**
 * A commit log that so many lists of topics do not show is one that may not be seen, or that no group has needed yet:
 * then commits are polled, and the log is tapped when it appears.
 */
const LISTS_WITHOUT_COMMIT_LOG = 4;

interface CommitLogAccessOptions {
  readonly database: Postgres;
  readonly clusterId: number;
  readonly commitLog: CommitLog;
  readonly log: Logger;
}

export class CommitLogAccess {
  readonly #options: CommitLogAccessOptions;
  #refusedAtMs: number | null = null;
  #lastWrite = Promise.resolve();

  constructor(options: CommitLogAccessOptions) {
    this.#options = options;
  }

  /** A reader that has just been refused may join once more before it is stopped. */
  onReading(): void {
    if (this.#refusedAtMs === null) this.#write("tapped");
  }

  onNotAuthorized(): void {
    this.#refusedAtMs = Date.now();
    this.#write("polled");
  }

  /** What the reader of the commit log is to read, by the names of all topics and how often they were listed. */
  async topicsToRead(names: readonly string[], lists: number): Promise<readonly string[]> {
    const { database, clusterId, commitLog } = this.#options;
    if (this.#refusedAtMs !== null && Date.now() - this.#refusedAtMs > TRY_AGAIN_AFTER_MS) this.#refusedAtMs = null;
    const exists = names.includes(commitLog.topic);
    if (!exists && lists === LISTS_WITHOUT_COMMIT_LOG) await setCommitSource(database.pool, clusterId, "polled");
    return this.#refusedAtMs === null && exists ? [commitLog.topic] : [];
  }

  /** One after the other: a refusal may come right after reading has begun. */
  #write(source: "tapped" | "polled"): void {
    const { database, clusterId, log } = this.#options;
    this.#lastWrite = this.#lastWrite
      .then(() => setCommitSource(database.pool, clusterId, source))
      .catch((error: unknown) => log.warn({ err: error }, "the cluster's state could not be written"));
  }
}
