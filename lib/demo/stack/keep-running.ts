/** Restarts a process whenever it ends by itself. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Leash, LeashedProcess } from "./leash.ts";
import type { LeashedCommand } from "./leash-protocol.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** a process that ran this long is restarted after the shortest pause again */
const STEADY_MS = 30_000;

export interface KeptProcess {
  stop(): Promise<void>;
}

export interface KeepOptions {
  /** called before every restart; while it resolves to false, the process stays down */
  readonly mayRestart?: () => Promise<boolean>;
  readonly ended?: (reason: string) => void;
}

/** Resolves when the process has started for the first time. */
export async function keepRunning(
  leash: Leash,
  command: LeashedCommand,
  options: KeepOptions = {},
): Promise<KeptProcess> {
  const stopping = new AbortController();
  let current: LeashedProcess = await leash.start(command);
  let startedMs = Date.now();
  let pauseMs = FIRST_PAUSE_MS;

  const pause = (ms: number) => sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  const restartLoop = async () => {
    while (!stopping.signal.aborted) {
      const exit = await current.exited;
      if (stopping.signal.aborted) return;
      options.ended?.(exit.signal ?? `code ${exit.code}`);
      pauseMs = Date.now() - startedMs > STEADY_MS ? FIRST_PAUSE_MS : Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      await pause(pauseMs);
      while (!stopping.signal.aborted && options.mayRestart !== undefined && !(await options.mayRestart()))
        await pause(FIRST_PAUSE_MS);
      if (stopping.signal.aborted) return;
      startedMs = Date.now();
      current = await leash.start(command);
    }
  };
  // A rejection means that the keeper has ended, so nothing can be started any more.
  const restarting = restartLoop().catch((error: unknown) => options.ended?.(String(error)));
  return {
    async stop() {
      stopping.abort();
      await current.stop();
      await restarting;
    },
  };
}
