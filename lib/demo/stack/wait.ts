/** Waits until a started process is ready. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LeashedProcess } from "./leash.ts";

export class NotStarted extends Error {
  override readonly name = "NotStarted";
}

/** Probes until it succeeds. Throws NotStarted when the process ends, or with the last error on timeout. */
export async function untilReady(
  process: LeashedProcess,
  timeoutMs: number,
  probe: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let lastError = "";
  while (process.isRunning()) {
    try {
      await probe();
      return;
    } catch (error) {
      lastError = (error as Error).message;
    }
    if (Date.now() > deadline)
      throw new NotStarted(`${process.name} did not answer within ${timeoutMs / 1000} s: ${lastError}`);
    await sleep(100);
  }
  const exit = await process.exited;
  throw new NotStarted(`${process.name} ended while starting (${exit.signal ?? `code ${exit.code}`})`);
}
