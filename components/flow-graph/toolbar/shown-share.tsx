import { Button } from "#components/ui/button.tsx";
import { count } from "#components/ui/format.ts";
import { MOST_SHOWN, type FlowGraphView } from "#lib/contracts/flow.ts";

interface ShownShareProps {
  readonly view: FlowGraphView;
  readonly limit: number | null;
  readonly onLimit: (limit: number | null) => void;
  readonly onList: () => void;
}
/** How much of a graph that is too large is drawn, and how to see the rest. */
export function ShownShare({ view, limit, onLimit, onList }: ShownShareProps) {
  const inTrouble = view.nodes.some((node) => node.state !== "normal" && node.state !== "unknown");
  const which =
    limit !== null
      ? "problems first, then the busiest"
      : inTrouble
        ? "only what has problems, and its neighbors"
        : "the busiest, and their neighbors";
  return (
    <span className="flex min-h-8 items-center gap-2 rounded-md border border-line2 bg-panel pr-1 pl-2.5 text-mut">
      {count(view.nodes.length)} of {count(view.totalNodes)} nodes: {which}
      {limit === null ? (
        <Button size="sm" variant="ghost" onClick={() => onLimit(MOST_SHOWN)}>
          {view.totalNodes <= MOST_SHOWN ? "Draw all" : `Draw ${count(MOST_SHOWN)}`}
        </Button>
      ) : (
        <Button size="sm" variant="ghost" onClick={() => onLimit(null)}>
          Draw fewer
        </Button>
      )}
      <Button size="sm" variant="ghost" onClick={onList}>
        List all
      </Button>
    </span>
  );
}
