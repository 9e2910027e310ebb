/** The figures of the bench `lag`, each beside its baseline or its limit. */
import { quantile, round, type Scraped } from "./lag-measure.ts";
import type { Naive } from "./lag-naive.ts";

export type Report = (figure: Record<string, unknown>) => void;

/** `freshness`: seconds from a commit to the stored lag; `pages`: milliseconds per request of the group list. Sorted. */
export function reportFigures(
  tell: Report,
  seen: Scraped,
  { naive, freshness, pages }: { naive: Naive; freshness: readonly number[]; pages: readonly number[] },
): void {
  const cycles = seen.cycleSeconds.sort((a, b) => a - b);
  for (const [name, share] of [
    ["p50", 0.5],
    ["p95", 0.95],
  ] as const) {
    const value = quantile(cycles, share);
    tell({
      name: `lag.refresh.${name}`,
      value: round(value),
      unit: "s",
      baseline: round(naive.seconds),
      baselineName: naive.name,
      ratio: round(value / naive.seconds),
      cycles: cycles.length,
    });
  }
  const requests = seen.requests / Math.max(1, cycles.length);
  tell({
    name: "lag.admin_requests_per_refresh",
    value: round(requests),
    unit: "requests",
    baseline: naive.requests,
    baselineName: naive.name,
    ratio: round(requests / naive.requests),
    perSecond: round(seen.requests / seen.seconds),
  });
  tell({
    name: "lag.admin_bytes_per_refresh",
    value: Math.round(seen.bytes / Math.max(1, cycles.length)),
    unit: "B",
    baseline: null,
    ratio: null,
  });
  for (const [name, share] of [
    ["p50", 0.5],
    ["p95", 0.95],
  ] as const)
    tell({
      name: `lag.commit_to_stored_lag.${name}`,
      value: round(quantile(freshness, share)),
      unit: "s",
      baseline: 10,
      baselineName: "the limit",
      ratio: round(quantile(freshness, share) / 10),
      probes: freshness.length,
    });
  tell({
    name: "lag.tap_memory",
    value: Math.round(seen.mostMemory / 1_048_576),
    unit: "MiB",
    baseline: 600,
    baselineName: "the limit",
    ratio: round(seen.mostMemory / 1_048_576 / 600),
  });
  tell({
    name: "lag.first_page.p95",
    value: round(quantile(pages, 0.95)),
    unit: "ms",
    baseline: 500,
    baselineName: "the limit",
    ratio: round(quantile(pages, 0.95) / 500),
    requests: pages.length,
  });
}
