/**
 * What a service does with a record. Tests put other work in its place while the service runs, as a bad deploy or a
 * bad record would.
 */
import { setTimeout as sleep } from "node:timers/promises";

export interface Task {
  readonly partition: number;
  readonly offset: bigint;
  /** stays with the group while work takes long; throws when the group wants to rebalance */
  readonly heartbeat: () => Promise<void>;
}

export type Work = (task: Task) => Promise<void>;

export interface RunningConsumer {
  setWork(work: Work): void;
  /** Leaves the group. */
  stop(): Promise<void>;
}

export const takes = (ms: number): Work => (ms === 0 ? () => Promise.resolve() : () => sleep(ms));

const HANGING_STEP_MS = 250;

/** Does not end until `mended`, but sends heartbeats meanwhile. */
export const hangs =
  (mended: AbortSignal): Work =>
  async ({ heartbeat }) => {
    while (!mended.aborted) {
      await heartbeat();
      await sleep(HANGING_STEP_MS);
    }
  };

/** Fails on the first record it meets on this partition, always that one, and does all others at once. */
export function failsOnOneOf(partition: number): Work {
  let poison: bigint | null = null;
  return async (task) => {
    if (task.partition === partition) poison ??= task.offset;
    if (task.partition === partition && task.offset === poison)
      throw new Error("Cannot read properties of undefined (reading 'currency')");
    await sleep(5);
  };
}
