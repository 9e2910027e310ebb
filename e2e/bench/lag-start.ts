/** How soon a tap that starts on a large cluster has read it and judged its groups, and whether it answers meanwhile. */
import type pg from "pg";
import { quantile, round, until } from "./lag-measure.ts";
import type { Report } from "./lag-figures.ts";

const HEALTH_EVERY_MS = 100;
const SETTLED_WITHIN_MS = 240_000;
const LIMIT = { settledSeconds: 30, healthMs: 100 } as const;

interface Health {
  readonly counters: { readonly stored: number };
  readonly sources: readonly { readonly source: string; readonly faultyPartitions: number; readonly behind: number }[];
}

/** `groups`, `records`: how many there are. Reports the figures of the start. */
export async function reportStart(
  tell: Report,
  pool: pg.Pool,
  tap: { readonly metricsUrl: string },
  startedAt: number,
  { groups, records }: { readonly groups: number; readonly records: number },
): Promise<void> {
  const seconds = () => (performance.now() - startedAt) / 1000;
  const health = watchHealth(tap.metricsUrl);
  const at = async (what: string, holds: () => boolean | Promise<boolean>): Promise<number> => {
    await until(what, SETTLED_WITHIN_MS, () => Promise.resolve(holds()));
    return seconds();
  };
  const [firstJudged, allJudged, allRead] = await Promise.all([
    at("a group judged", async () => (await countJudged(pool)) > 0),
    at("every group judged", async () => (await countJudged(pool)) >= groups),
    at("every record read", () => (health.last?.counters.stored ?? 0) >= records),
  ]);
  const times = (await health.stop()).sort((a, b) => a - b);
  for (const [name, value] of [
    ["first_judged", firstJudged],
    ["first_picture", allJudged],
    ["all_read", allRead],
  ] as const)
    tell({
      name: `lag.${name}`,
      value: round(value),
      unit: "s",
      baseline: LIMIT.settledSeconds,
      baselineName: "the limit",
      ratio: round(value / LIMIT.settledSeconds),
    });
  for (const share of [0.5, 0.99, 1])
    tell({
      name: `lag.health_at_start.${share === 1 ? "max" : `p${share * 100}`}`,
      value: round(quantile(times, share)),
      unit: "ms",
      baseline: LIMIT.healthMs,
      baselineName: "the limit",
      ratio: round(quantile(times, share) / LIMIT.healthMs),
      requests: times.length,
    });
}

/** Milliseconds of each answer of /health. */
function watchHealth(metricsUrl: string): { readonly last: Health | null; stop(): Promise<number[]> } {
  const times: number[] = [];
  let last: Health | null = null;
  let going = true;
  const loop = (async () => {
    while (going) {
      const at = performance.now();
      // Not ok counts as well: it is the answer that must come.
      last = (await (await fetch(`${metricsUrl}/health`)).json()) as Health;
      times.push(performance.now() - at);
      await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS));
    }
  })();
  return {
    get last() {
      return last;
    },
    stop: async () => {
      going = false;
      await loop;
      return times;
    },
  };
}

async function countJudged(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM consumer_groups WHERE gone_at IS NULL AND evaluated_at IS NOT NULL",
  );
  return rows[0]?.n ?? 0;
}
