/** ELK in a worker of the browser, which newer data interrupts. */
import ELK, { type ELK as Elk, type ElkNode } from "elkjs/lib/elk-api.js";
import type { Engine } from "./arrange.ts";

/** What has begun is given so much time before it is interrupted: a new engine needs time to start, too. */
const GRACE_MS = 3000;
/** A graph that takes longer keeps its draft. */
const MOST_MS = 30_000;
const MOST_KEPT = 200;

interface Task {
  readonly key: string;
  readonly graph: ElkNode;
  readonly done: (answer: ElkNode | null) => void;
}

export interface LayoutWorker {
  /** An engine for newer data. What older engines still wait for is dropped, but for graphs that are wanted again. */
  readonly open: () => Engine;
  readonly stop: () => void;
}

export function openLayoutWorker(startElk: () => Elk = startWorker): LayoutWorker {
  let elk: Elk | null = null;
  const queue: Task[] = [];
  let running: (Task & { readonly stop: () => void; readonly startedAt: number }) | null = null;
  /** by key, the last used last */
  const known = new Map<string, ElkNode>();

  function next(): void {
    if (running !== null) return;
    const task = queue.shift();
    if (task === undefined) return;
    const found = known.get(task.key);
    if (found !== undefined) {
      task.done(found);
      return next();
    }
    elk ??= startElk();
    const end = (answer: ElkNode | null) => {
      if (running?.done !== task.done) return;
      clearTimeout(timer);
      running = null;
      if (answer !== null) keep(task.key, answer);
      task.done(answer);
      next();
    };
    const stop = () => {
      elk?.terminateWorker();
      elk = null;
      end(null);
    };
    const timer = setTimeout(stop, MOST_MS);
    running = { ...task, stop, startedAt: Date.now() };
    // What the engine cannot lay out keeps its draft.
    elk.layout(task.graph).then(end, () => end(null));
  }

  function keep(key: string, answer: ElkNode): void {
    known.delete(key);
    known.set(key, answer);
    const [oldest] = known.keys();
    if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
  }

  function interrupt(): void {
    const task = running;
    if (task === null || queue.some((one) => one.key === task.key)) return;
    const left = GRACE_MS - (Date.now() - task.startedAt);
    setTimeout(() => running === task && !queue.some((one) => one.key === task.key) && task.stop(), Math.max(0, left));
  }

  return {
    open: () => {
      for (const task of queue.splice(0)) task.done(null);
      setTimeout(interrupt, 0);
      return async (graphs) => {
        const answers = graphs.map(
          (graph) =>
            new Promise<ElkNode | null>((done) => {
              queue.push({ key: JSON.stringify(graph), graph, done });
            }),
        );
        next();
        return Promise.all(answers);
      };
    },
    stop: () => {
      for (const task of queue.splice(0)) task.done(null);
      running?.stop();
      elk?.terminateWorker();
      elk = null;
    },
  };
}

const startWorker = (): Elk =>
  new ELK({ workerFactory: () => new Worker(new URL("elkjs/lib/elk-worker.min.js", import.meta.url)) });
