import { MarkerType, type Edge } from "reactflow";
import { durationMs, percent } from "#components/ui/format.ts";
import type { TraceView } from "#lib/contracts/traces.ts";

/** The causes between the shown events, as React Flow draws them. */
export function causeEdges(view: TraceView, shown: ReadonlySet<string>): Edge[] {
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
