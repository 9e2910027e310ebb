/**
 * Runs the reducers of one entity in a thread of its own. What an expression does with what a broker sent cannot be
 * bounded from within (a single pattern may run for minutes), so the thread is ended when one event takes too long.
 */
import { Worker } from "node:worker_threads";
import type { Json } from "#lib/domain/entity/json-value.ts";
import type { Contribution, EntityState } from "#lib/domain/entity/state.ts";
import { err } from "#lib/domain/result.ts";
import type { KeyEventColumns } from "#lib/store/events/entities-read.ts";
import type { ReducerAnswer, ReducerTask } from "./reducer-thread.ts";

const START_WITHIN_MS = 5000;
const EVENT_WITHIN_MS = 500;
const MOST_THREADS = 4;
const LIMITS = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 } as const;
const GAPS = {
  slow: "the reducers took too long",
  full: "too many other pages run reducers at the moment",
} as const;

let threads = 0;

export interface Reducers {
  readonly reduce: (
    expression: string,
    event: KeyEventColumns,
    before: EntityState,
    body: Json,
  ) => Promise<Contribution>;
  /** ends the thread; nothing may be asked afterwards */
  readonly close: () => Promise<void>;
}

/** Every event within its time, and all of them within `budgetMs`. Starts nothing before the first. */
export function openReducers(key: string, budgetMs: number): Reducers {
  const deadline = performance.now() + budgetMs;
  let thread: Worker | undefined;

  async function start(): Promise<Worker | null> {
    if (threads >= MOST_THREADS) return null;
    threads += 1;
    const started = new Worker(new URL("./reducer-thread.ts", import.meta.url), { resourceLimits: LIMITS });
    // Out of memory: whoever waits for an answer hears of it by the exit.
    started.on("error", () => undefined);
    started.once("exit", () => {
      threads -= 1;
      if (thread === started) thread = undefined;
    });
    if ((await answerOf(started, START_WITHIN_MS)) === null) return null;
    return (thread = started);
  }

  async function evaluate(task: ReducerTask): Promise<ReducerAnswer> {
    const free = thread ?? (await start());
    if (free === null) return err(GAPS.full);
    const leftMs = deadline - performance.now();
    free.postMessage(task);
    const answer = await answerOf(free, Math.max(0, Math.min(EVENT_WITHIN_MS, leftMs)));
    return (answer as ReducerAnswer | null) ?? err(`it was stopped after ${EVENT_WITHIN_MS} ms`);
  }

  return {
    reduce: async (expression, { topic, type, occurredAt }, { value }, body) => {
      if (performance.now() > deadline) return { kind: "gap", reason: GAPS.slow };
      const event = { key, topic, type, at: occurredAt.toISOString() };
      const made = await evaluate({ expression, input: { state: value ?? null, body, event } });
      return made.ok
        ? { kind: "reduced", value: made.value }
        : { kind: "gap", reason: `its reducer failed: ${made.error}` };
    },
    close: async () => void (await thread?.terminate()),
  };
}

/** The thread's next message; null when it ends first, or does not answer in time and is ended. */
function answerOf(thread: Worker, withinMs: number): Promise<unknown> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => void thread.terminate(), withinMs);
    const done = (message: unknown) => {
      clearTimeout(timer);
      thread.off("message", done);
      thread.off("exit", ended);
      resolve(message);
    };
    const ended = () => done(null);
    thread.once("message", done);
    thread.once("exit", ended);
  });
}
