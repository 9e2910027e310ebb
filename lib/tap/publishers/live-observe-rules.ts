/** What is declared about records: the configuration, and the publishers that people take over while the tap runs. */
import type pg from "pg";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import { withPublisherRules } from "#lib/domain/publisher/rules.ts";
import { readPublisherRules } from "#lib/store/publishers/rules-read.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { pause } from "../leading.ts";

const READ_EVERY_MS = 3000;

export interface LiveObserveRules {
  /** the same object as long as nothing has changed */
  readonly current: FlowtapConfig["observe"];
  /** resolves after the signal */
  readonly done: Promise<void>;
}

export async function openLiveObserveRules(
  pool: pg.Pool,
  observe: FlowtapConfig["observe"],
  log: Logger,
  signal: AbortSignal,
): Promise<LiveObserveRules> {
  let current = observe;
  let known = "[]";
  const read = async (): Promise<void> => {
    try {
      const rules = await readPublisherRules(pool);
      const text = JSON.stringify(rules);
      if (text === known) return;
      known = text;
      current = withPublisherRules(observe, rules);
    } catch (error) {
      log.warn({ err: error }, "the publishers that people took over could not be read; those known before count");
    }
  };
  const keepReading = async (): Promise<void> => {
    for (;;) {
      await pause(READ_EVERY_MS, signal);
      if (signal.aborted) return;
      await read();
    }
  };
  await read();
  const done = keepReading();
  return {
    get current() {
      return current;
    },
    done,
  };
}
