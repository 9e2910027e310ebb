/** Sums the rows of a window to edges. */
import { KNOWN_BY, type KnownBy } from "../correlation/known-by.ts";
import { compare } from "../text/compare.ts";
import { isStuck, type Verdict } from "../health/verdict.ts";
import {
  edgeId,
  groupNodeId,
  serviceNodeId,
  topicNodeId,
  type FlowEdge,
  type HealthState,
  type Latency,
  type TypeRate,
} from "./graph.ts";
import type { CauseFact, ConsumeFact, FlowRows, PublishFact } from "./rows.ts";

export type Summarise<L> = (latencies: readonly L[]) => Latency | null;

interface Sum<L> {
  events: number;
  errors: number;
  latencies: L[];
  types: Map<string, TypeRate>;
}

const emptySum = <L>(): Sum<L> => ({ events: 0, errors: 0, latencies: [], types: new Map() });

/** The health state, and so the colour, that a verdict stands for. */
function stateOfVerdict(verdict: Verdict): HealthState {
  if (isStuck(verdict)) return "stuck";
  if (verdict === "warning") return "lagging";
  return verdict === "unknown" ? "unknown" : "normal";
}

/** The state of a topic → group edge: stuck, else failing if there are errors, else by the verdict. */
export function consumeState(verdict: Verdict, errors: number): HealthState {
  const state = stateOfVerdict(verdict);
  return errors > 0 && state !== "stuck" ? "failing" : state;
}

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

function add<L>(sum: Sum<L>, row: { events: number; errors: number; latency: L | null }): void {
  sum.events += row.events;
  sum.errors += row.errors;
  if (row.latency !== null) sum.latencies.push(row.latency);
}

function grouped<R, S>(
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

function publishEdges<L>(
  rows: readonly PublishFact<L>[],
  deadLetterTopics: ReadonlySet<string>,
  windowSeconds: number,
  summarise: Summarise<L>,
): FlowEdge[] {
  const sums = grouped(
    rows,
    // Without a known producer there is no edge: none is better than a wrong one.
    (row) =>
      row.service === null ? null : edgeId("publish", serviceNodeId(row.service), topicNodeId(row.cluster, row.topic)),
    (row) => ({ ...emptySum<L>(), from: serviceNodeId(row.service ?? ""), to: topicNodeId(row.cluster, row.topic) }),
    (sum, row) => {
      add(sum, row);
      addType(sum.types, row.type, row.schemaVersion, row.events, windowSeconds);
    },
  );
  return [...sums].map(([id, sum]) => {
    const failing = sum.errors > 0 || (sum.events > 0 && deadLetterTopics.has(sum.to));
    return edge(id, "publish", sum, null, windowSeconds, summarise, {
      knownBy: "declared",
      confidence: 1,
      sampledShare: 1,
      state: failing ? "failing" : "normal",
    });
  });
}

function consumeEdges<L>(
  rows: readonly ConsumeFact<L>[],
  verdictOf: (groupId: string) => Verdict,
  windowSeconds: number,
  summarise: Summarise<L>,
): FlowEdge[] {
  const sums = grouped(
    rows,
    (row) => edgeId("consume", topicNodeId(row.cluster, row.topic), groupNodeId(row.cluster, row.group)),
    (row) => ({
      ...emptySum<L>(),
      from: topicNodeId(row.cluster, row.topic),
      to: groupNodeId(row.cluster, row.group),
      verdict: row.verdict,
    }),
    add,
  );
  return [...sums].map(([id, sum]) =>
    edge(id, "consume", sum, null, windowSeconds, summarise, {
      knownBy: "declared",
      confidence: 1,
      sampledShare: 1,
      state: consumeState(sum.verdict ?? verdictOf(sum.to), sum.errors),
    }),
  );
}

function causeEdges<L>(rows: readonly CauseFact<L>[], windowSeconds: number, summarise: Summarise<L>): FlowEdge[] {
  const between = (row: CauseFact<L>) =>
    edgeId("cause", topicNodeId(row.from.cluster, row.from.topic), topicNodeId(row.to.cluster, row.to.topic));
  const known = new Map<string, Set<string>>();
  for (const row of rows)
    if (row.group !== null && row.events > 0)
      known.set(between(row), (known.get(between(row)) ?? new Set()).add(groupNodeId(row.from.cluster, row.group)));
  // A group may be unknown while it causes its first events. If only one group is known between the two topics, those
  // events belong to it and make no second edge.
  const viaOf = (row: CauseFact<L>): string | null => {
    if (row.group !== null) return groupNodeId(row.from.cluster, row.group);
    const [only, other] = known.get(between(row)) ?? [];
    return only !== undefined && other === undefined ? only : null;
  };
  const sums = grouped(
    rows.filter((row) => row.events > 0),
    (row) =>
      edgeId(
        "cause",
        topicNodeId(row.from.cluster, row.from.topic),
        topicNodeId(row.to.cluster, row.to.topic),
        viaOf(row),
      ),
    (row) => ({
      ...emptySum<L>(),
      from: topicNodeId(row.from.cluster, row.from.topic),
      to: topicNodeId(row.to.cluster, row.to.topic),
      via: viaOf(row),
      confidence: 0,
      sampledShare: 1,
      known: new Map<KnownBy, number>(),
    }),
    (sum, row) => {
      add(sum, row);
      addType(sum.types, row.toType, row.toSchemaVersion, row.events, windowSeconds);
      sum.confidence += row.confidenceSum;
      sum.sampledShare = Math.min(sum.sampledShare, row.sampledShare);
      sum.known.set(row.knownBy, (sum.known.get(row.knownBy) ?? 0) + row.events);
    },
  );
  return [...sums].map(([id, sum]) => {
    const knownBy = KNOWN_BY.reduce((best, candidate) =>
      (sum.known.get(candidate) ?? 0) > (sum.known.get(best) ?? 0) ? candidate : best,
    );
    const confidence = Math.min(1, Math.max(0, sum.confidence / sum.events));
    return edge(id, "cause", sum, sum.via, windowSeconds, summarise, {
      knownBy,
      confidence,
      sampledShare: sum.sampledShare,
      state: sum.errors > 0 ? "failing" : "normal",
    });
  });
}

function edge<L>(
  id: string,
  kind: FlowEdge["kind"],
  sum: Sum<L> & { from: string; to: string },
  via: string | null,
  windowSeconds: number,
  summarise: Summarise<L>,
  known: Pick<FlowEdge, "knownBy" | "confidence" | "sampledShare" | "state">,
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

/** All edges of the rows, unfiltered. */
export function edgesOf<L>(rows: FlowRows<L>, windowSeconds: number, summarise: Summarise<L>): FlowEdge[] {
  const deadLetterTopics = new Set(
    rows.topics.filter((topic) => topic.role === "dead_letter").map((topic) => topicNodeId(topic.cluster, topic.topic)),
  );
  const verdicts = new Map(rows.groups.map((group) => [groupNodeId(group.cluster, group.group), group.verdict]));
  return [
    ...publishEdges(rows.publishes, deadLetterTopics, windowSeconds, summarise),
    ...consumeEdges(rows.consumes, (groupId) => verdicts.get(groupId) ?? "unknown", windowSeconds, summarise),
    ...causeEdges(rows.causes, windowSeconds, summarise),
  ];
}
