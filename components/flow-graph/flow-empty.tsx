import { Workflow } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { FlowGraphView } from "#lib/contracts/flow.ts";

const EXAMPLE = `clusters:
  - name: prod
    system: kafka
    brokers: ["broker-1:9092"]`;

interface FlowEmptyProps {
  readonly view: FlowGraphView;
  readonly filtered: boolean;
  readonly at: Date | null;
  readonly onClear: () => void;
  readonly onLive: () => void;
}
/** Says why there is no graph and how to get one. */
export function FlowEmpty({ view, filtered, at, onClear, onLive }: FlowEmptyProps) {
  if (filtered)
    return (
      <EmptyState icon={Workflow} title="Nothing matches these filters">
        <p>The graph has {view.totalNodes} nodes without filters.</p>
        <Button className="mt-3" onClick={onClear}>
          Show all
        </Button>
      </EmptyState>
    );
  if (at)
    return (
      <EmptyState icon={Workflow} title="No events at this time">
        <p>Either no events were published in this time range, or Flowtap was not running yet.</p>
        <Button className="mt-3" onClick={onLive}>
          Back to live
        </Button>
      </EmptyState>
    );
  if (view.clusters.length === 0)
    return (
      <EmptyState icon={Workflow} title="No clusters configured">
        <p>
          Services, topics and consumer groups of your brokers appear here as a live graph. Add a cluster to Flowtap’s
          configuration and start a tap:
        </p>
        <pre className="mt-3 overflow-x-auto rounded-lg border bg-raise p-3 text-left font-mono text-xs text-text">
          {EXAMPLE}
        </pre>
        <pre className="mt-2 rounded-lg border bg-raise p-3 text-left font-mono text-xs text-text">npm run tap</pre>
      </EmptyState>
    );
  return (
    <EmptyState icon={Workflow} title="Waiting for events">
      Topics appear within ten seconds, edges with their first events. Publish an event, or check the topic patterns in
      the configuration.
    </EmptyState>
  );
}
