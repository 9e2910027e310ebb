/** The hourly partitions of the events, for those who look through them from the newest on. */
import type { Prisma } from "../prisma/generated/client.ts";

const HOUR_MS = 3_600_000;

export interface EventHour {
  /** a table's name, from Postgres's own catalogue */
  readonly name: string;
  readonly startsAtMs: number;
}

/**
 * Newest first, those that hold anything stored since then. Its transaction finds values by the bloom indexes: the
 * planner would rather read whole hours.
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
 * What is common is found in the last two hours already; what is rare, a day at a time. Hours to come are made ahead,
 * and hold nothing unless a clock is fast.
 */
export function* stretchesOf(hours: readonly EventHour[]): Generator<readonly EventHour[], void> {
  const ahead = hours.filter(({ startsAtMs }) => startsAtMs > Date.now()).length;
  for (let done = 0, next = ahead + 2; done < hours.length; done += next, next = 24)
    yield hours.slice(done, done + next);
}

/** When the hour of a partition begins; NaN for a name that is none, which no comparison takes. */
function hourOf(name: string): number {
  const [, year, month, day, hour] = /^events_(\d{4})(\d{2})(\d{2})(\d{2})$/.exec(name) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour));
}
