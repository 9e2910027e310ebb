import type { PrismaClient } from "#lib/store/db/database.ts";
import { countKeyTopics } from "#lib/store/events/entities-read.ts";

const COUNT_BUDGET_MS = 2000;
/** An entity's page asks for its topics and its events at once, and then for one window of events after the other. */
const STANDS_MS = 15_000;
const MOST_KEPT = 50;

type Counted = ReturnType<typeof countKeyTopics>;
const kept = new WeakMap<PrismaClient, Map<string, { readonly sinceMs: number; readonly counted: Counted }>>();

/**
 * Where a key occurs and how often, as counted within the last seconds; that it occurs nowhere is looked up each time.
 */
export function keyTopics(prisma: PrismaClient, key: string): Counted {
  const counts = kept.get(prisma) ?? new Map<string, { sinceMs: number; counted: Counted }>();
  kept.set(prisma, counts);
  const known = counts.get(key);
  if (known !== undefined && performance.now() - known.sinceMs < STANDS_MS) return known.counted;
  const counted = countKeyTopics(prisma, key, COUNT_BUDGET_MS);
  const entry = { sinceMs: performance.now(), counted };
  const forget = () => void (counts.get(key) === entry && counts.delete(key));
  counted.then(({ topics }) => void (topics.length === 0 && forget()), forget);
  counts.delete(key);
  counts.set(key, entry);
  for (const oldest of counts.keys()) if (counts.size > MOST_KEPT) counts.delete(oldest);
  return counted;
}
