/**
 * Where a cluster's commits come from: from its commit log when Flowtap may read it (tapped), otherwise from a request
 * for each group (polled). The monitor reads from the database which of the two it is.
 */
import type { CommitLog } from "#lib/brokers/ports/commit-log.ts";
import { setCommitSource } from "#lib/store/ingest/clusters.ts";
import type { Postgres } from "#lib/store/db/postgres.ts";
import type { Logger } from "#lib/telemetry/log.ts";

const TRY_AGAIN_AFTER_MS = 300_000;
/**
 * After this many topic lists without a commit log, commits are polled: Flowtap may not see the log, or no group has
 * committed yet. The log is tapped when it appears.
 */
const LISTS_WITHOUT_COMMIT_LOG = 2;

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

  /** Ignored after a refusal: a refused reader may join once more before it is stopped. */
  onReading(): void {
    if (this.#refusedAtMs === null) this.#write("tapped");
  }

  onNotAuthorized(): void {
    this.#refusedAtMs = Date.now();
    this.#write("polled");
  }

  /** The topics the commit log's reader reads. `names`: all topics; `lists`: how many times they have been listed. */
  async topicsToRead(names: readonly string[], lists: number): Promise<readonly string[]> {
    const { database, clusterId, commitLog } = this.#options;
    if (this.#refusedAtMs !== null && Date.now() - this.#refusedAtMs > TRY_AGAIN_AFTER_MS) this.#refusedAtMs = null;
    const exists = names.includes(commitLog.topic);
    if (!exists && lists === LISTS_WITHOUT_COMMIT_LOG) await setCommitSource(database.pool, clusterId, "polled");
    return this.#refusedAtMs === null && exists ? [commitLog.topic] : [];
  }

  /** In order: a refusal may follow right after reading has begun, and must be the last write. */
  #write(source: "tapped" | "polled"): void {
    const { database, clusterId, log } = this.#options;
    this.#lastWrite = this.#lastWrite
      .then(() => setCommitSource(database.pool, clusterId, source))
      .catch((error: unknown) => log.warn({ err: error }, "the cluster's state could not be written"));
  }
}
