/**
 * Keeps the database in order: makes partitions ahead, drops what retention has passed, marks taps that died. One tap
 * does it at a time.
 */
import { ageFailures } from "#lib/store/failures/aged-failures-write.ts";
import { deleteExpiredHistory } from "#lib/store/expired-history.ts";
import {
  deleteEndedProducers,
  deleteExpiredRows,
  stopDeadTaps,
  summariseClosedPartitions,
} from "#lib/store/housekeeping.ts";
import { deleteUnusedNames } from "#lib/store/ingest/unused-names.ts";
import { dropExpiredPartitions, ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import type { BackgroundDeps } from "../background-deps.ts";
import { pause, whileLeading } from "../leading.ts";

const CYCLE_MS = 15_000;
const PARTITIONS_EVERY_MS = 600_000;
const NAMES_EVERY_MS = 3_600_000;
const SILENT_SECONDS = 30;
const ROWS_AT_ONCE = 5000;
const BETWEEN_DELETES_MS = 100;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Resolves when `signal` is aborted. */
export async function startHousekeeping({ config, database, log, signal }: BackgroundDeps): Promise<void> {
  await whileLeading(
    { database, log, signal, lock: { kind: "housekeeping", id: 0 }, work: "housekeeping" },
    ({ client, lost }) => {
      let partitionsAt = 0;
      let namesAt = 0;
      /** Until a step says that nothing is left: others get in between. */
      const inSteps = async (step: () => Promise<boolean>): Promise<void> => {
        while (!signal.aborted && !lost.aborted && (await step())) await pause(BETWEEN_DELETES_MS, signal);
      };
      const cycle = async (): Promise<number> => {
        const dead = await stopDeadTaps(client, SILENT_SECONDS);
        if (dead > 0) log.warn({ taps: dead }, "taps have not been heard of and count as stopped");
        if (Date.now() - partitionsAt < PARTITIONS_EVERY_MS) return CYCLE_MS;

        const now = new Date();
        const before = new Date(now.getTime() - config.retention.eventsHours * HOUR_MS);
        await ensurePartitions(database.pool, now);
        const dropped = await dropExpiredPartitions(database.pool, before);
        if (dropped.length > 0) log.info({ partitions: dropped.length }, "dropped what retention has passed");
        await inSteps(() => deleteExpiredRows(client, before, ROWS_AT_ONCE));
        await inSteps(() => ageFailures(client, before, ROWS_AT_ONCE));
        const expired = {
          events: before,
          history: new Date(now.getTime() - config.retention.historyDays * DAY_MS),
          audit: new Date(now.getTime() - config.retention.auditDays * DAY_MS),
        };
        await inSteps(() => deleteExpiredHistory(client, expired, ROWS_AT_ONCE));
        await deleteEndedProducers(client);
        await summariseClosedPartitions(
          client,
          [1, 2].map((hoursAgo) => hourName(new Date(now.getTime() - hoursAgo * HOUR_MS))),
        );
        if (Date.now() - namesAt >= NAMES_EVERY_MS) {
          const names = await deleteUnusedNames(client, before);
          if (names > 0) log.info({ names }, "deleted names that nothing refers to");
          namesAt = Date.now();
        }
        partitionsAt = Date.now();
        return CYCLE_MS;
      };
      return Promise.resolve(cycle);
    },
  );
}

const hourName = (at: Date): string => at.toISOString().slice(0, 13).replaceAll(/[-T]/g, "");
