"use client";
import { BaseEdge, type Edge, type EdgeProps, type EdgeTypes } from "reactflow";
import { memo } from "react";
import type { FlowEdge } from "#lib/contracts/flow.ts";
import { DOT_COLOR, EDGE_COLOR, edgeWidth } from "../appearance.ts";

export interface LinkData extends Record<string, unknown> {
  readonly edge: FlowEdge;
  readonly path: string;
  readonly faded: boolean;
  readonly dots: number;
  readonly seconds: number;
}
export type LinkEdge = Edge<LinkData>;

const Link = memo(function Link({ id, data, selected, interactionWidth }: EdgeProps<LinkEdge>) {
  if (!data) return null;
  const { edge, path, faded, dots, seconds } = data;
  const width = edgeWidth(edge.ratePerSecond);
  return (
    <g className="transition-opacity duration-200" opacity={faded ? 0.18 : 1}>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={interactionWidth ?? 16}
        style={{
          stroke: selected ? "var(--acc)" : EDGE_COLOR[edge.state],
          strokeWidth: `calc(var(--link-scale, 1) * ${selected ? width + 1 : width}px)`,
          fill: "none",
          ...(edge.state === "failing" && { strokeDasharray: "4 4" }),
          ...(edge.ratePerSecond === 0 && { strokeOpacity: 0.55 }),
        }}
      />
      {dots > 0 && (
        <Dots path={path} dots={dots} seconds={seconds} color={DOT_COLOR[edge.state]} radius={1.3 + width * 0.22} />
      )}
    </g>
  );
});

interface DotsProps {
  readonly path: string;
  readonly dots: number;
  readonly seconds: number;
  readonly color: string;
  readonly radius: number;
}
/** Moving dots. Memoized by its few values, so that new data does not restart them. */
const Dots = memo(function Dots({ path, dots, seconds, color, radius }: DotsProps) {
  return Array.from({ length: dots }, (_, index) => (
    <circle key={index} r={radius} fill={color}>
      {/* A negative start spreads the dots over the path at once; the uneven step avoids even gaps. */}
      <animateMotion
        path={path}
        dur={`${seconds}s`}
        begin={`-${((index * 0.618 * seconds) % seconds).toFixed(2)}s`}
        repeatCount="indefinite"
      />
    </circle>
  ));
});

const Cause = memo(function Cause({ id, data, selected }: EdgeProps<LinkEdge>) {
  if (!data) return null;
  const { edge, path, faded } = data;
  return (
    <BaseEdge
      id={id}
      path={path}
      interactionWidth={14}
      markerEnd="url(#cause-arrow)"
      style={{
        stroke: "var(--acc)",
        strokeWidth: selected ? 2.4 : 1.4,
        fill: "none",
        opacity: faded ? 0.15 : selected ? 1 : 0.35 + 0.5 * edge.confidence,
        ...(edge.knownBy === "inferred" && { strokeDasharray: "2 4" }),
      }}
    />
  );
});

export const LINK_TYPES: EdgeTypes = { link: Link, cause: Cause };
