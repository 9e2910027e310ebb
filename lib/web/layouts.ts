/**
 * Lays graphs out for the first picture of a page, so that a browser has something to show before it has
 * loaded a layout engine. ELK may compute for a second when it is cold: it does so in a thread of its own, and
 * what it found is kept.
 */
import { createHash } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { ElkNode } from "elkjs/lib/elk-api.js";
import type { Logger } from "#lib/telemetry/log.ts";
import type { LayoutAnswer, LayoutTask } from "./layout-thread.ts";

const MOST_KEPT = 64;
const MOST_WAITING = 8;

type Answer = readonly (ElkNode | null)[];

export interface Layouts {
  /** Each graph with everything in its place, or null where there is no layout of it; null: too much waits for one. */
  layOut(graphs: readonly ElkNode[]): Promise<Answer | null>;
  close(): Promise<void>;
}

export function openLayouts(log: Logger): Layouts {
  /** by the graphs' hash, the last used last */
  const known = new Map<string, Promise<Answer | null>>();
  const waiting = new Map<number, (answer: Answer | null) => void>();
  let thread: Worker | undefined;
  let lastId = 0;

  function start(): Worker {
    const started = new Worker(new URL("./layout-thread.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    started.on("message", ({ id, graphs, fault }: LayoutAnswer) => {
      if (fault !== null) log.warn({ reason: fault }, "a graph could not be laid out");
      waiting.get(id)?.(graphs);
      waiting.delete(id);
    });
    started.on("error", (error) =>
      log.warn({ reason: String(error) }, "the layout thread failed; the next graph starts another"),
    );
    started.on("exit", () => {
      if (thread === started) thread = undefined;
      for (const answer of waiting.values()) answer(null);
      waiting.clear();
    });
    // Nobody waits for a layout when the process is done.
    started.unref();
    return started;
  }

  function compute(graphs: readonly ElkNode[]): Promise<Answer | null> {
    thread ??= start();
    const task: LayoutTask = { id: ++lastId, graphs };
    thread.postMessage(task);
    return new Promise((resolve) => waiting.set(task.id, resolve));
  }

  return {
    layOut: async (graphs) => {
      const key = createHash("sha256").update(JSON.stringify(graphs)).digest("base64");
      const found = known.get(key);
      if (found === undefined && waiting.size >= MOST_WAITING) return null;
      const layout = found ?? compute(graphs);
      known.delete(key);
      known.set(key, layout);
      const [oldest] = known.keys();
      if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
      const answer = await layout;
      // What failed once may have failed for want of time or memory.
      if ((answer === null || answer.includes(null)) && known.get(key) === layout) known.delete(key);
      return answer;
    },
    close: async () => void (await thread?.terminate()),
  };
}
