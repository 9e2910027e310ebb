"use client";
import { useMemo } from "react";
import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider } from "reactflow";
import "reactflow/dist/style.css";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { plural } from "#components/ui/format.ts";
import type { TraceView } from "#lib/contracts/traces.ts";
import { graphPart, graphPositions } from "./trace-layout.ts";
import { type EventNode, EventBox } from "./event-box.tsx";
import { causeEdges } from "./cause-edges.ts";

const COLUMN_PX = 290;
const ROW_PX = 78;
const MOST = 200;

const NODE_TYPES = { event: EventBox };

interface TraceGraphProps {
  readonly view: TraceView;
  readonly opened: string;
  readonly onOpen: (id: string) => void;
}
/** The events of a trace from left to right. An arrow is a cause: solid when declared, dashed when inferred. */
export function TraceGraph({ view, opened, onOpen }: TraceGraphProps) {
  const part = useMemo(() => graphPart(view, opened, MOST), [view, opened]);
  const positions = useMemo(() => graphPositions(part), [part]);
  const rows = positions.reduce((most, { row }) => Math.max(most, row + 1), 1);
  const height = new Map<number, number>();
  for (const { column, row } of positions) height.set(column, Math.max(height.get(column) ?? 0, row + 1));
  const nodes: EventNode[] = positions.map(({ event, column, row }) => ({
    id: event.id,
    type: "event",
    // Shorter columns are centred.
    position: { x: column * COLUMN_PX, y: (row + (rows - (height.get(column) ?? rows)) / 2) * ROW_PX },
    data: { event, opened: event.id === opened },
    ariaLabel: `${event.type ?? event.topic} of ${event.service ?? "an unknown service"}`.slice(0, 200),
  }));
  const edges = useMemo(() => causeEdges(view, new Set(positions.map(({ event }) => event.id))), [view, positions]);
  const left = view.events.length - part.events.length;
  if (left > 0 && part.events.length <= 1)
    return <EmptyState title="No causes are known between these events">The timeline has all of them.</EmptyState>;
  return (
    <>
      <div className="border-t" style={{ height: Math.min(420, Math.max(150, rows * ROW_PX + 36)) }}>
        <ReactFlowProvider>
          <ReactFlow
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            fitView
            fitViewOptions={{ padding: "18px", maxZoom: 1 }}
            minZoom={0.2}
            maxZoom={1.5}
            nodesDraggable={false}
            nodesConnectable={false}
            edgesFocusable={false}
            preventScrolling={false}
            zoomOnScroll={false}
            onNodeClick={(_, node) => onOpen(node.id)}
            onSelectionChange={({ nodes: [first] }) => first !== undefined && first.id !== opened && onOpen(first.id)}
          >
            <Background variant={BackgroundVariant.Dots} gap={20} size={1} color="var(--grid-dot)" />
          </ReactFlow>
        </ReactFlowProvider>
      </div>
      {left > 0 && (
        <p className="border-t px-3.5 py-1.5 text-xs text-mut">
          {plural(left, "event")} more {left === 1 ? "is" : "are"} only in the timeline:{" "}
          {part.events.length < MOST
            ? "no cause joins them to others."
            : `the graph shows ${MOST} around the chosen one.`}
        </p>
      )}
    </>
  );
}
