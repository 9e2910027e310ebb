/** Positions of a trace's events: rows of a timeline, and columns and rows of a graph. */
import type { TraceView } from "#lib/contracts/traces.ts";

export type TraceEvent = TraceView["events"][number];
export type TraceCause = TraceView["causes"][number];

export interface TimelineRow {
  readonly event: TraceEvent;
  /** how many causes lie between it and the root event */
  readonly depth: number;
  /** the cause it is drawn under; null: nothing known caused it */
  readonly cause: TraceCause | null;
  readonly atMs: number;
  /** when the last group consumed it; `atMs` when none has */
  readonly doneMs: number;
}

const timeOf = (event: TraceEvent): number => Date.parse(event.occurredAt);

/** The cause an event is drawn under: declared before inferred, then the one with the highest confidence. */
function mainCauses(events: readonly TraceEvent[], causes: readonly TraceCause[]): ReadonlyMap<string, TraceCause> {
  const known = new Map(events.map((event) => [event.id, event]));
  const rank = (cause: TraceCause) => (cause.knownBy === "inferred" ? 0 : 2) + cause.confidence;
  const main = new Map<string, TraceCause>();
  for (const cause of causes) {
    if (!known.has(cause.from) || !known.has(cause.to) || cause.from === cause.to) continue;
    const best = main.get(cause.to);
    if (best === undefined || rank(cause) > rank(best)) main.set(cause.to, cause);
  }
  return main;
}

/**
 * Every event once, under its cause, siblings by time. A cycle of causes (clocks differ, headers can be wrong) is cut
 * where it closes.
 */
export function timelineRows(trace: Pick<TraceView, "events" | "causes">): readonly TimelineRow[] {
  const main = mainCauses(trace.events, trace.causes);
  const inTime = trace.events.toSorted((a, b) => timeOf(a) - timeOf(b) || (a.id < b.id ? -1 : 1));
  const children = new Map<string, TraceEvent[]>();
  for (const event of inTime) {
    const from = main.get(event.id)?.from;
    if (from !== undefined) children.set(from, [...(children.get(from) ?? []), event]);
  }
  const rows: TimelineRow[] = [];
  const added = new Set<string>();
  const addRows = (root: TraceEvent) => {
    const stack: { event: TraceEvent; depth: number }[] = [{ event: root, depth: 0 }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { event, depth } = next;
      if (added.has(event.id)) continue;
      added.add(event.id);
      const atMs = timeOf(event);
      const doneMs = Math.max(
        atMs,
        ...event.fates.flatMap((fate) => (fate.fate === "consumed" && fate.at !== null ? [Date.parse(fate.at)] : [])),
      );
      rows.push({ event, depth, cause: depth === 0 ? null : (main.get(event.id) ?? null), atMs, doneMs });
      for (const child of (children.get(event.id) ?? []).toReversed()) stack.push({ event: child, depth: depth + 1 });
    }
  };
  for (const event of inTime) if (!main.has(event.id)) addRows(event);
  for (const event of inTime) addRows(event); // the rest are in cycles
  return rows;
}

export interface GraphPosition {
  readonly event: TraceEvent;
  readonly column: number;
  readonly row: number;
}

/** A trace of fewer events is drawn whole. */
const FEW = 12;

/**
 * What a graph can show of a trace: `opened` and at most `most` events around it, without those that no cause joins to
 * others, which would be a column of boxes.
 */
export function graphPart(
  { events, causes }: Pick<TraceView, "events" | "causes">,
  opened: string,
  most: number,
): Pick<TraceView, "events" | "causes"> {
  const joined = new Set(causes.flatMap(({ from, to }) => [from, to]));
  const all = events.length <= FEW ? events : events.filter(({ id }) => joined.has(id) || id === opened);
  const order = timelineRows({ events: all, causes }).map(({ event }) => event);
  const at = order.findIndex(({ id }) => id === opened);
  const first = Math.max(0, Math.min(at - Math.floor(most / 2), order.length - most));
  return { events: order.slice(first, first + most), causes };
}

/**
 * Column: the longest path from a root event. Row: the order of the timeline, so that an event is near its cause. Every
 * cause points to the right, except those that close a cycle.
 */
export function graphPositions(trace: Pick<TraceView, "events" | "causes">): readonly GraphPosition[] {
  const order = timelineRows(trace);
  const column = new Map<string, number>(order.map(({ event }) => [event.id, 0]));
  const done = new Set<string>();
  const outgoing = Map.groupBy(
    trace.causes.filter((c) => column.has(c.from) && column.has(c.to) && c.from !== c.to),
    (cause) => cause.from,
  );
  const closing = closingCauses(
    order.map(({ event }) => event.id),
    outgoing,
  );
  // Longest path in topological order (Kahn), without the causes that close a cycle.
  const waiting = new Map<string, number>();
  for (const causes of outgoing.values())
    for (const cause of causes) if (!closing.has(cause)) waiting.set(cause.to, (waiting.get(cause.to) ?? 0) + 1);
  const ready = order.map(({ event }) => event.id).filter((id) => !waiting.has(id));
  for (let id = ready.shift(); id !== undefined; id = ready.shift()) {
    if (done.has(id)) continue;
    done.add(id);
    for (const cause of outgoing.get(id) ?? []) {
      if (closing.has(cause)) continue;
      column.set(cause.to, Math.max(column.get(cause.to) ?? 0, (column.get(id) ?? 0) + 1));
      const left = (waiting.get(cause.to) ?? 1) - 1;
      waiting.set(cause.to, left);
      if (left === 0) ready.push(cause.to);
    }
  }
  const height = new Map<number, number>();
  return order.map(({ event }) => {
    const at = column.get(event.id) ?? 0;
    const row = height.get(at) ?? 0;
    height.set(at, row + 1);
    return { event, column: at, row };
  });
}

/** The causes that close a cycle: back edges of a depth-first search. */
function closingCauses(
  ids: readonly string[],
  outgoing: ReadonlyMap<string, readonly TraceCause[]>,
): ReadonlySet<TraceCause> {
  const back = new Set<TraceCause>();
  const state = new Map<string, "open" | "done">();
  for (const root of ids) {
    const stack: { id: string; next: number }[] = state.has(root) ? [] : [{ id: root, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      state.set(top.id, "open");
      const cause = outgoing.get(top.id)?.[top.next];
      top.next += 1;
      if (cause === undefined) {
        state.set(top.id, "done");
        stack.pop();
      } else if (state.get(cause.to) === "open") back.add(cause);
      else if (state.get(cause.to) === undefined) stack.push({ id: cause.to, next: 0 });
    }
  }
  return back;
}
