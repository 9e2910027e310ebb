/** The edges of the example system as tables: as Flowtap draws them, and as the services counted them themselves. */
import type { FlowEdge, FlowGraphView } from "#lib/contracts/flow.ts";
import type { CountsView } from "#lib/demo/services/kit/counts.ts";
import { CAUSES, PUBLISHES, READS } from "./example-graph.ts";

const sum = (counts: Readonly<Record<string, number>> | undefined) =>
  Object.values(counts ?? {}).reduce((total, n) => total + n, 0);

/**
 * Whether no service has anything left to do. A service counts an event as processed after it has published what
 * follows, so views that were read one after the other cannot hide an event on its way.
 */
export function isQuiet(views: readonly CountsView[]): boolean {
  const publishedTo = (topic: string) => views.reduce((total, view) => total + sum(view.published[topic]), 0);
  return Object.entries(READS).every(([group, topics]) => {
    const processed = views.find((view) => view.group === group)?.processed;
    return topics.every((topic) => (processed?.[topic] ?? 0) >= publishedTo(topic));
  });
}

/** `truth`: the views of the services by name. */
export function openTables(truth: () => ReadonlyMap<string, CountsView>, graph: () => FlowGraphView) {
  const publishedOf = (topic: string, type: string) =>
    [...truth().values()].reduce((total, view) => total + (view.published[topic]?.[type] ?? 0), 0);
  const edges = (kind: FlowEdge["kind"], nameOf: (edge: FlowEdge) => string) =>
    Object.fromEntries(
      graph()
        .edges.filter((edge) => edge.kind === kind)
        .map((edge): [string, number] => [nameOf(edge), edge.events])
        .sort(),
    );
  const bare = (id: string | null) => (id ?? "?").replace(/^.:(test\/)?/, "");
  const table = (rows: readonly (readonly [string, number])[]) =>
    Object.fromEntries([...rows].sort((a, b) => (a[0] < b[0] ? -1 : 1)));

  const publishes = () => edges("publish", (edge) => `${bare(edge.from)} → ${bare(edge.to)}`);
  const consumes = () => edges("consume", (edge) => `${bare(edge.from)} → ${bare(edge.to)}`);
  const causes = () => edges("cause", (edge) => `${bare(edge.from)} → ${bare(edge.via)} → ${bare(edge.to)}`);
  const truePublishes = () =>
    table(
      Object.entries(PUBLISHES).flatMap(([service, topics]) =>
        topics.map((topic) => [`${service} → ${topic}`, sum(truth().get(service)?.published[topic])] as const),
      ),
    );
  const trueConsumes = () =>
    table(
      Object.entries(READS).flatMap(([group, topics]) =>
        topics.map((topic) => [`${topic} → ${group}`, truth().get(group)?.processed[topic] ?? 0] as const),
      ),
    );
  const trueCauses = () =>
    table(
      CAUSES.map(
        ([from, group, to, counted]) =>
          [
            `${from} → ${group} → ${to}`,
            counted.reduce((total, [topic, type]) => total + publishedOf(topic, type), 0),
          ] as const,
      ),
    );

  return { publishes, consumes, causes, truePublishes, trueConsumes, trueCauses, publishedOf, table, bare };
}
