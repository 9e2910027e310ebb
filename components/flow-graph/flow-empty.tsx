import { Workflow } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { FlowGraphView } from "#lib/contracts/flow.ts";

interface FlowEmptyProps {
  readonly view: FlowGraphView;
  readonly filtered: boolean;
  readonly at: Date | null;
  readonly onClear: () => void;
  readonly onLive: () => void;
}
/** Says why there is no graph, and the one thing that brings it. */
export function FlowEmpty({ view, filtered, at, onClear, onLive }: FlowEmptyProps) {
  if (filtered)
    return (
      <EmptyState icon={Workflow} title="Nothing matches these filters">
        <p>There are {view.totalNodes} nodes in all.</p>
        <Button className="mt-3" onClick={onClear}>
          Show all
        </Button>
      </EmptyState>
    );
  if (at)
    return (
      <EmptyState icon={Workflow} title="Nothing flowed then">
        <p>Either no events came in this window, or Flowtap did not watch yet.</p>
        <Button className="mt-3" onClick={onLive}>
          Back to live
        </Button>
      </EmptyState>
    );
  if (view.clusters.length === 0)
    return (
      <EmptyState icon={Workflow} title="No broker is tapped yet">
        <p>
          Here the services, topics and consumer groups of your brokers appear as a live graph. Name a cluster in
          Flowtap's configuration and start a tap:
        </p>
        <pre className="mt-3 overflow-x-auto rounded-lg border bg-raise p-3 text-left font-mono text-xs text-text">{`clusters:\n  - name: prod\n    system: kafka\n    brokers: ["broker-1:9092"]`}</pre>
        <pre className="mt-2 rounded-lg border bg-raise p-3 text-left font-mono text-xs text-text">npm run tap</pre>
      </EmptyState>
    );
  return (
    <EmptyState icon={Workflow} title="Listening; no events yet">
      Topics appear within ten seconds of being found, edges with their first events. Publish something, or widen the
      tap's topic patterns in the configuration.
    </EmptyState>
  );
}
