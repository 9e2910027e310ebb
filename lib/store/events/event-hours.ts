/** The hourly partitions of the event index, for searches from the newest event backwards. */
import type { Prisma } from "../prisma/generated/client.ts";

const HOUR_MS = 3_600_000;

export interface EventHour {
  /** the table's name from Postgres's catalog */
  readonly name: string;
  readonly startsAtMs: number;
}

/**
 * The partitions of the hours since then, newest first. Sequential scans are switched off for the transaction, so
 * that values are found by the bloom indexes: the planner prefers to read whole hours.
 */
export async function openEventHours(tx: Prisma.TransactionClient, since: Date): Promise<EventHour[]> {
  await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
  const tables = await tx.$queryRaw<{ name: string }[]>`
    SELECT relname::text AS name
    FROM pg_inherits
    JOIN pg_class ON pg_class.oid = inhrelid
    WHERE inhparent = 'events'::regclass
    ORDER BY 1 DESC`;
  return tables
    .map(({ name }) => ({ name, startsAtMs: hourOf(name) }))
    .filter((hour) => hour.startsAtMs + HOUR_MS > since.getTime());
}

/**
 * First the last two hours, which hold any frequent value; then a day at a time. Partitions of future hours are
 * created in advance and are empty unless a clock is fast.
 */
export function* stretchesOf(hours: readonly EventHour[]): Generator<readonly EventHour[], void> {
  const ahead = hours.filter(({ startsAtMs }) => startsAtMs > Date.now()).length;
  for (let done = 0, next = ahead + 2; done < hours.length; done += next, next = 24)
    yield hours.slice(done, done + next);
}

/** The start of a partition's hour in epoch milliseconds; NaN, which equals nothing, if the name is no partition's. */
function hourOf(name: string): number {
  const [, year, month, day, hour] = /^events_(\d{4})(\d{2})(\d{2})(\d{2})$/.exec(name) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour));
}
