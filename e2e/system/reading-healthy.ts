/** A topic that gets one event a second all the while. Whatever lies beside it must not delay it. */
import assert from "node:assert/strict";
import type pg from "pg";
import type { Producer } from "kafkajs";

const EVERY_MS = 1000;
const NEVER_LATER_THAN_MS = 2000;
export const HEALTHY = "healthy";

export interface HealthyTopic {
  /** The tap did not run in this time, or had only just started. */
  excuse(fromMs: number, toMs: number): void;
  assertNeverLate(): Promise<void>;
  stop(): void;
}

/** Where `producer` writes must be there already. */
export function openHealthyTopic(pool: pg.Pool, producer: Pick<Producer, "send">): HealthyTopic {
  const pauses: { readonly fromMs: number; readonly toMs: number }[] = [];
  const startedMs = Date.now();
  const timer = setInterval(
    () => void producer.send({ topic: HEALTHY, messages: [{ value: "1" }] }).catch(() => undefined),
    EVERY_MS,
  );
  return {
    excuse: (fromMs, toMs) => pauses.push({ fromMs: fromMs - EVERY_MS, toMs }),
    assertNeverLate: async () => {
      const { rows } = await pool.query<{ at: Date; late: number }>(
        `
          SELECT e.occurred_at AS at, (extract(epoch FROM e.stored_at - e.occurred_at) * 1000)::int AS late
          FROM events e
          JOIN destinations d ON d.id = e.destination_id
          WHERE d.name = $1 AND e.occurred_at >= $2
          ORDER BY e.occurred_at`,
        [HEALTHY, new Date(startedMs)],
      );
      const isExcused = (ms: number) => pauses.some(({ fromMs, toMs }) => ms >= fromMs && ms <= toMs);
      const checked = rows.filter(({ at }) => !isExcused(at.getTime()));
      const seconds = Math.floor(
        (Date.now() - startedMs - pauses.reduce((sum, p) => sum + p.toMs - p.fromMs, 0)) / 1000,
      );
      assert.ok(checked.length > seconds / 2, `${checked.length} events in ${seconds} s`);
      assert.deepEqual(
        checked
          .filter(({ late }) => late > NEVER_LATER_THAN_MS)
          .map(
            ({ at, late }) => `${late} ms late, ${((at.getTime() - startedMs) / 1000).toFixed(1)} s after the start`,
          ),
        [],
      );
    },
    stop: () => clearInterval(timer),
  };
}
