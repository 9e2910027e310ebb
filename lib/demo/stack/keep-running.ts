/** Starts a process again whenever it ends by itself. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Leash, LeashedCommand, LeashedProcess } from "./leash.ts";

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;
/** a process that ran this long has earned a quick restart */
const STEADY_MS = 30_000;

export interface KeptProcess {
  stop(): Promise<void>;
}

export interface KeepOptions {
  /** asked before every restart; while it says no, the process stays down */
  readonly mayRestart?: () => Promise<boolean>;
  readonly ended?: (reason: string) => void;
}

/** Answers when the process runs for the first time. */
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
  const watch = async () => {
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
  // The keeper itself has ended: nothing can be started any more, and whoever holds the leash is told by it.
  const watching = watch().catch((error: unknown) => options.ended?.(String(error)));
  return {
    async stop() {
      stopping.abort();
      await current.stop();
      await watching;
    },
  };
}
