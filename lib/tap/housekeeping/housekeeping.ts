/** Keeps the database within its retention. One tap does it at a time, every few minutes. */
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { Database } from "#lib/store/database.ts";
import { deleteAged, markSilentTaps, summarizeBrinIndexes } from "#lib/store/housekeeping.ts";
import { dropExpiredPartitions } from "#lib/store/partitions.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { whileLeading } from "../leading.ts";

const EVERY_MS = 300_000;
const HOUR_MS = 3_600_000;

export interface HousekeepingDeps {
  readonly config: FlowtapConfig;
  readonly database: Database;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** Resolves when `signal` is aborted. */
export function startHousekeeping({ config, database, log, signal }: HousekeepingDeps): Promise<void> {
  return whileLeading({ database, log, signal, lock: { kind: "housekeeping", id: 0 } }, async ({ client }) => async () => {
    const before = new Date(Date.now() - config.retention.eventsHours * HOUR_MS);
    const dropped = await dropExpiredPartitions(database.pool, before);
    const deleted = await deleteAged(client, before, signal);
    if (dropped.length > 0 || deleted > 0) log.info({ dropped, deleted }, "forgot what is older than the retention");
    await markSilentTaps(client);
    await summarizeBrinIndexes(client);
    return EVERY_MS;
  });
}
