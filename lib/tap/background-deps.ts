import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { Database } from "#lib/store/db/database.ts";
import type { Logger } from "#lib/telemetry/log.ts";

/** What each loop beside the reading is given. */
export interface BackgroundDeps {
  readonly config: FlowtapConfig;
  readonly database: Database;
  readonly log: Logger;
  /** aborted: finish */
  readonly signal: AbortSignal;
}
