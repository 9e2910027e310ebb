/** Sums the causes of a window to edges between topics. */
import { KNOWN_BY, type KnownBy } from "../correlation/known-by.ts";
import { add, addType, edge, emptySum, grouped, type Summarise } from "./edge-sums.ts";
import { edgeId, groupNodeId, topicNodeId, type FlowEdge } from "./graph.ts";
import type { CauseFact } from "./rows.ts";

export function causeEdges<L>(
  rows: readonly CauseFact<L>[],
  windowSeconds: number,
  summarise: Summarise<L>,
): FlowEdge[] {
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
      counted: true,
      knownBy,
      confidence,
      sampledShare: sum.sampledShare,
      state: sum.errors > 0 ? "failing" : "normal",
    });
  });
}
