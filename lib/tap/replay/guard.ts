/**
 * Decides between batches whether a run may go on. It uses only what is stored, so a process that takes the run over
 * decides the same.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { reasonToStop, stepOfCanary } from "#lib/domain/replay/guards.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";

const POLL_EVERY_MS = 1000;

export interface Guard {
  /** How many items may be sent now. Waits for the canary; 0: the run is paused, cancelled, or `signal` is aborted. */
  allowed(signal: AbortSignal): Promise<number>;
}

export function openGuard(run: ClaimedRun, verify: () => Promise<unknown>): Guard {
  const { preview } = run.plan;
  const rules = preview.kind === "redrive" ? preview : null;
  let check = 0;
  return {
    allowed: async (signal) => {
      // The canary's verdict must not be older than the last batch; afterwards a second does no harm.
      if (rules === null || Date.now() < check) return Number.POSITIVE_INFINITY;
      while (!signal.aborted) {
        await verify();
        if ((await run.status()) !== "running") return 0;
        const facts = await run.guardFacts(rules.canary.items);
        const step = stepOfCanary(rules.canary, facts.canary, Date.now());
        const stop = step.do === "pause" ? step.stop : reasonToStop({ ...facts, stopAbove: rules.stopAbove });
        if (stop !== null) {
          await run.pause({ kind: "paused_by_guard", ...stop });
          return 0;
        }
        if (step.do === "send") {
          if (step.settled === true) await run.noteCanarySettled();
          if (step.atMost === Number.POSITIVE_INFINITY) check = Date.now() + POLL_EVERY_MS;
          return step.atMost;
        }
        await sleep(POLL_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
      return 0;
    },
  };
}
