/** The metrics of the tap, read twice a second. */
const EVERY_MS = 500;

export interface Scraped {
  /** seconds of each polling cycle that ended meanwhile */
  readonly cycleSeconds: number[];
  readonly requests: number;
  readonly bytes: number;
  /** over how long requests and bytes were counted */
  readonly seconds: number;
  readonly mostMemory: number;
}

interface Figures {
  readonly cycles: number;
  readonly cycleSeconds: number;
  readonly requests: number;
  readonly bytes: number;
  readonly memory: number;
}

export function openScrape(metricsUrl: string): { stop(): Promise<Scraped> } {
  const read = async (): Promise<Figures> => {
    const text = await (await fetch(`${metricsUrl}/metrics`)).text();
    const sum = (name: string) =>
      [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce(
        (total, [, value]) => total + Number(value),
        0,
      );
    return {
      cycles: sum("flowtap_inspect_turn_seconds_count"),
      cycleSeconds: sum("flowtap_inspect_turn_seconds_sum"),
      requests: sum("flowtap_admin_requests_total"),
      bytes: sum("flowtap_admin_bytes_total"),
      memory: sum("process_resident_memory_bytes"),
    };
  };
  let going = true;
  const cycleSeconds: number[] = [];
  let mostMemory = 0;
  const loop = (async () => {
    const startedAt = performance.now();
    const first = await read();
    let last = first;
    while (going) {
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
      // The server may close a kept connection during a request. The next read includes what this one missed.
      const now = await read().catch(() => null);
      if (now === null) continue;
      const cycles = now.cycles - last.cycles;
      // Two cycles in one interval are rare; each then counts half of the time.
      for (let i = 0; i < cycles; i++) cycleSeconds.push((now.cycleSeconds - last.cycleSeconds) / cycles);
      mostMemory = Math.max(mostMemory, now.memory);
      last = now;
    }
    return {
      requests: last.requests - first.requests,
      bytes: last.bytes - first.bytes,
      seconds: (performance.now() - startedAt) / 1000,
    };
  })();
  return {
    stop: async () => {
      going = false;
      return { ...(await loop), cycleSeconds, mostMemory };
    },
  };
}

export async function until(what: string, withinMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
export const round = (value: number): number => Math.round(value * 1000) / 1000;
