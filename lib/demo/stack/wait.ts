/** Waiting for a started process to be of use. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LeashedProcess } from "./leash.ts";

export class NotStarted extends Error {
  override readonly name = "NotStarted";
}

/** Asks until the answer is yes. Ends at once when the process ends, and with the last fault when time is up. */
export async function untilReady(
  process: LeashedProcess,
  timeoutMs: number,
  probe: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let lastFault = "";
  while (process.isRunning()) {
    try {
      await probe();
      return;
    } catch (error) {
      lastFault = (error as Error).message;
    }
    if (Date.now() > deadline)
      throw new NotStarted(`${process.name} did not answer within ${timeoutMs / 1000} s: ${lastFault}`);
    await sleep(100);
  }
  const exit = await process.exited;
  throw new NotStarted(`${process.name} ended while starting (${exit.signal ?? `code ${exit.code}`})`);
}
