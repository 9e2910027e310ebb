/** Sums rows to the numbers of an edge. */
import { compare } from "../text/compare.ts";
import type { FlowEdge, Latency, TypeRate } from "./graph.ts";

export type Summarise<L> = (latencies: readonly L[]) => Latency | null;

interface Sum<L> {
  events: number;
  errors: number;
  latencies: L[];
  types: Map<string, TypeRate>;
}

export const emptySum = <L>(): Sum<L> => ({ events: 0, errors: 0, latencies: [], types: new Map() });

/** Adds a row's events to the rates by type and version. */
export function addType(
  types: Map<string, TypeRate>,
  type: string | null,
  schemaVersion: string,
  events: number,
  windowSeconds: number,
): void {
  if (type === null) return;
  const key = `${type}\u0000${schemaVersion}`;
  const known = types.get(key);
  const sum = (known?.events ?? 0) + events;
  types.set(key, { type, schemaVersion, events: sum, ratePerSecond: sum / windowSeconds });
}

export const sortedTypes = (types: Map<string, TypeRate>): TypeRate[] =>
  [...types.values()].sort(
    (a, b) => b.events - a.events || compare(a.type, b.type) || compare(a.schemaVersion, b.schemaVersion),
  );

export function add<L>(sum: Sum<L>, row: { events: number; errors: number; latency: L | null }): void {
  sum.events += row.events;
  sum.errors += row.errors;
  if (row.latency !== null) sum.latencies.push(row.latency);
}

/** One sum for each key; rows without a key are left out. */
export function grouped<R, S>(
  rows: readonly R[],
  keyOf: (row: R) => string | null,
  open: (row: R) => S,
  into: (sum: S, row: R) => void,
): Map<string, S> {
  const groups = new Map<string, S>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === null) continue;
    let sum = groups.get(key);
    if (sum === undefined) groups.set(key, (sum = open(row)));
    into(sum, row);
  }
  return groups;
}

export function edge<L>(
  id: string,
  kind: FlowEdge["kind"],
  sum: Sum<L> & { from: string; to: string },
  via: string | null,
  windowSeconds: number,
  summarise: Summarise<L>,
  known: Pick<FlowEdge, "counted" | "knownBy" | "confidence" | "sampledShare" | "state">,
): FlowEdge {
  return {
    id,
    kind,
    from: sum.from,
    to: sum.to,
    via,
    events: sum.events,
    ratePerSecond: sum.events / windowSeconds,
    errors: sum.errors,
    latency: sum.latencies.length > 0 ? summarise(sum.latencies) : null,
    types: sortedTypes(sum.types),
    ...known,
  };
}
