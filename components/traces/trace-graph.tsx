"use client";
import { useMemo } from "react";
import {
  Background,
  BackgroundVariant,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  ReactFlowProvider,
  type Edge,
  type Node,
  type NodeProps,
} from "reactflow";
import "reactflow/dist/style.css";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { durationMs, percent } from "#components/ui/format.ts";
import type { TraceView } from "#lib/contracts/traces.ts";
import { FATE_BADGE } from "#components/messages/fate-words.ts";
import { graphPositions, type TraceEvent } from "./trace-layout.ts";

const COLUMN_PX = 290;
const ROW_PX = 78;
const MOST = 200;

interface EventData extends Record<string, unknown> {
  readonly event: TraceEvent;
  readonly opened: boolean;
}
type EventNode = Node<EventData, "event">;
const NODE_TYPES = { event: EventBox };

interface TraceGraphProps {
  readonly view: TraceView;
  readonly opened: string;
  readonly onOpen: (id: string) => void;
}
/** The events of a trace from left to right. An arrow is a cause: solid when declared, dashed when inferred. */
export function TraceGraph({ view, opened, onOpen }: TraceGraphProps) {
  const positions = useMemo(() => graphPositions(view).slice(0, MOST), [view]);
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
  return (
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
      {view.events.length > MOST && (
        <p className="px-3.5 py-1.5 text-xs text-warn">
          The graph shows the first {MOST} events; the timeline shows more.
        </p>
      )}
    </div>
  );
}

function causeEdges(view: TraceView, shown: ReadonlySet<string>): Edge[] {
  return view.causes
    .filter((cause) => shown.has(cause.from) && shown.has(cause.to))
    .map((cause, i) => {
      const inferred = cause.knownBy === "inferred";
      return {
        id: `cause-${i}`,
        source: cause.from,
        target: cause.to,
        label: inferred ? `${durationMs(cause.latencyMs)} · ${percent(cause.confidence)}` : durationMs(cause.latencyMs),
        ariaLabel: [
          `${cause.knownBy} cause`,
          ...(cause.group === null ? [] : [`through group ${cause.group.slice(0, 80)}`]),
        ].join(", "),
        labelStyle: { fill: "var(--mut)", fontSize: 10 },
        labelBgStyle: { fill: "var(--panel)" },
        labelBgPadding: [4, 2],
        style: {
          stroke: inferred ? "var(--dim)" : "var(--edge-dot)",
          strokeWidth: 1.4,
          opacity: inferred ? 0.75 : 0.9,
          ...(inferred && { strokeDasharray: "4 4" }),
        },
        markerEnd: {
          type: MarkerType.ArrowClosed,
          width: 14,
          height: 14,
          color: inferred ? "var(--dim)" : "var(--edge-dot)",
        },
      } satisfies Edge;
    });
}

function EventBox({ data: { event, opened } }: NodeProps<EventNode>) {
  const bad = event.deadLetter || event.error;
  return (
    <div
      className={cn(
        "w-[176px] rounded-lg border bg-[var(--node)] px-2.5 py-1.5 text-left",
        bad ? "border-badline" : "border-line2",
        event.deadLetter && "border-dashed",
        opened && "ring-2 ring-acc",
      )}
    >
      <Handle type="target" position={Position.Left} className="invisible" />
      <div className={cn("truncate text-xs font-semibold", bad && "text-bad")}>
        <BrokerText text={event.type ?? "unknown type"} maxLength={40} />
      </div>
      <div className="truncate text-2xs text-mut">
        <BrokerText text={event.service ?? "unknown"} maxLength={20} />{" "}
        <span className="text-dim">
          → <BrokerText text={event.topic} maxLength={24} />
        </span>
      </div>
      <div className="mt-1 flex h-2 items-center gap-1">
        {event.fates.slice(0, 16).map((fate) => (
          <i
            key={fate.group}
            title={`${fate.group.slice(0, 80)}: ${FATE_BADGE[fate.fate].word}`}
            className={cn("size-1.5", fate.fate === "consumed" ? "rounded-full" : "rounded-[1px]")}
            style={{ background: FATE_BADGE[fate.fate].color }}
          />
        ))}
      </div>
      <Handle type="source" position={Position.Right} className="invisible" />
    </div>
  );
}
