"use client";
import { Crosshair, X } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { StateTag, VerdictTag } from "#components/ui/state-tag.tsx";
import type { Scene } from "../scene.ts";
import { EdgePanel } from "./edge-panel.tsx";
import { GroupPanel } from "./group-panel.tsx";
import { ServicePanel } from "./service-panel.tsx";
import { TopicPanel } from "./topic-panel.tsx";

interface FlowPanelProps {
  readonly selected: string;
  readonly scene: Scene;
  readonly windowSeconds: number;
  readonly onSelect: (id: string | null) => void;
  readonly onFocus: (id: string) => void;
}

/** Details of the selected node or edge. */
export function FlowPanel({ selected, scene, windowSeconds, onSelect, onFocus }: FlowPanelProps) {
  const node = scene.nodeById.get(selected);
  const edge = scene.edgeById.get(selected);
  const nameOf = (id: string) => scene.nodeById.get(id)?.label ?? id.slice(2);
  const kind = node
    ? node.kind === "group"
      ? "consumer group"
      : node.kind === "topic" && node.role === "dead_letter"
        ? "dead-letter topic"
        : node.kind
    : edge
      ? `${edge.kind} edge`
      : "not found";
  return (
    <div className="flex min-h-full flex-col gap-3.5 p-4">
      <div>
        <div className="flex items-center gap-2">
          {node?.kind === "group" ? (
            <VerdictTag verdict={node.verdict} />
          ) : (
            (node ?? edge) && <StateTag state={(node ?? edge)?.state ?? "unknown"} />
          )}
          <span className="text-mut">{kind}</span>
          <span className="ml-auto flex items-center gap-0.5">
            {node && (
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label="Show only the neighborhood"
                title="Show only the neighborhood (n)"
                onClick={() => onFocus(node.id)}
              >
                <Crosshair />
              </Button>
            )}
            {node && <CopyButton value={node.label} what="name" />}
            {/* On a phone the sheet has its own close button. */}
            <Button
              variant="ghost"
              size="icon-sm"
              className="max-[699px]:hidden"
              aria-label="Close the panel"
              title="Close (esc)"
              onClick={() => onSelect(null)}
            >
              <X />
            </Button>
          </span>
        </div>
        <h2 className="mt-2 text-big font-semibold tracking-tight break-words">
          {node ? (
            <BrokerText text={node.label} maxLength={80} />
          ) : edge ? (
            <>
              <BrokerText text={nameOf(edge.from)} maxLength={40} /> <span className="text-dim">→</span>{" "}
              <BrokerText text={nameOf(edge.to)} maxLength={40} />
            </>
          ) : (
            "Not in this graph"
          )}
        </h2>
      </div>
      {node?.kind === "group" && <GroupPanel key={node.id} node={node} scene={scene} onSelect={onSelect} />}
      {node?.kind === "service" && <ServicePanel key={node.id} node={node} scene={scene} onSelect={onSelect} />}
      {node?.kind === "topic" && <TopicPanel key={node.id} node={node} scene={scene} onSelect={onSelect} />}
      {edge && <EdgePanel key={edge.id} edge={edge} scene={scene} windowSeconds={windowSeconds} onSelect={onSelect} />}
      {!node && !edge && (
        <p className="text-mut">
          <BrokerText text={selected} mono maxLength={60} /> had no events in the last {windowSeconds} seconds, or a
          filter hides it. It appears again with its next events.
        </p>
      )}
    </div>
  );
}
