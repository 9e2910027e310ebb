/** Sums the rows of a window to edges. */
import { isStuck, type Verdict } from "../health/verdict.ts";
import { causeEdges } from "./cause-edges.ts";
import { add, addType, edge, emptySum, grouped, type Summarise } from "./edge-sums.ts";
import { edgeId, groupNodeId, serviceNodeId, topicNodeId, type FlowEdge, type HealthState } from "./graph.ts";
import type { ConsumeFact, FlowRows, PublishFact } from "./rows.ts";

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
      counted: true,
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
      counted: row.isCounted ?? true,
    }),
    add,
  );
  return [...sums].map(([id, sum]) =>
    edge(id, "consume", sum, null, windowSeconds, summarise, {
      counted: sum.counted,
      knownBy: "declared",
      confidence: 1,
      sampledShare: 1,
      state: consumeState(sum.verdict ?? verdictOf(sum.to), sum.errors),
    }),
  );
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
