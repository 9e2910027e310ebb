import type { Frame } from "./frames.ts";

/** Threads and executors run libraries as well as own code: what they call may be either. */
const RUNS_ANYTHING = /^(?:java\.lang\.Thread|java\.util\.concurrent\.|System\.Threading\.|kotlinx\.coroutines\.)/;

/**
 * The frame that names a failure: the first of own code in the root cause, else in the exceptions around it (the JVM
 * leaves out the frames they share), else the first frame of all. `blocks`: the frames of each exception, the root
 * cause first; in each the innermost frame first.
 */
export function ownFrame(blocks: readonly (readonly Frame[])[]): string | null {
  const frames = blocks.flat();
  const own = ownNamespace(frames);
  const isOwn = ({ framework, namespace }: Frame): boolean =>
    !framework && (own === null || namespace === null || namespace === own);
  return (frames.find(isOwn) ?? frames[0])?.name ?? null;
}

/**
 * The namespace of the code that a framework calls: handlers are own code, whereas what they call may be of a library
 * that no list has. Null if the stack does not tell.
 */
function ownNamespace(frames: readonly Frame[]): string | null {
  const i = frames.findLastIndex(({ framework }) => !framework);
  const caller = frames[i + 1];
  if (caller === undefined || RUNS_ANYTHING.test(caller.name)) return null;
  return frames[i]?.namespace ?? null;
}
