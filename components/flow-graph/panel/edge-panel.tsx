"use client";
import { Button } from "#components/ui/button.tsx";
import { StatCard } from "#components/ui/card.tsx";
import { count, rate } from "#components/ui/format.ts";
import type { FlowEdge } from "#lib/contracts/flow.ts";
import type { Scene } from "../scene.ts";
import { FlowDetail } from "./detail.tsx";
import { Known, LatencyLine, Section, Stats } from "./parts.tsx";
import { TypesList } from "./types-list.tsx";

const LATENCY_OF: Readonly<Record<FlowEdge["kind"], string>> = {
  publish: "Publish latency",
  consume: "Consume latency",
  cause: "Processing latency",
};

export function EdgePanel({
  edge,
  scene,
  windowSeconds,
  onSelect,
}: {
  readonly edge: FlowEdge;
  readonly scene: Scene;
  readonly windowSeconds: number;
  readonly onSelect: (id: string) => void;
}) {
  const via = edge.via === null ? undefined : scene.nodeById.get(edge.via);
  const estimated = edge.sampledShare < 1;
  return (
    <>
      <Stats>
        <StatCard
          label="Rate"
          value={edge.counted ? `${estimated ? "≈ " : ""}${rate(edge.ratePerSecond)}` : "–"}
          context={edge.counted ? "events per second" : "the broker does not tell by which way a queue’s events came"}
        />
        <StatCard
          label="Failed"
          value={edge.counted ? count(edge.errors) : "–"}
          context={
            !edge.counted
              ? "not known of this way alone"
              : `of ${estimated ? "≈ " : ""}${count(edge.events)} in ${windowSeconds} s`
          }
          tone={edge.errors > 0 ? "bad" : "neutral"}
        />
      </Stats>
      {edge.latency && edge.latency.samples > 0 && (
        <Section title={LATENCY_OF[edge.kind]} aside={`${count(edge.latency.samples)} events`}>
          <LatencyLine latency={edge.latency} />
        </Section>
      )}
      <Section title="Source">
        <Known by={edge.knownBy} confidence={edge.confidence} sampledShare={edge.sampledShare} />
      </Section>
      <div className="flex flex-wrap gap-2">
        {[edge.from, ...(via ? [via.id] : []), edge.to].flatMap((id) => {
          const node = scene.nodeById.get(id);
          return node
            ? [
                <Button key={id} variant="default" size="sm" className="max-w-full" onClick={() => onSelect(id)}>
                  <bdi className="truncate">{node.label.slice(0, 60)}</bdi>
                </Button>,
              ]
            : [];
        })}
      </div>
      <TypesList types={edge.types} />
      {edge.kind !== "cause" && <FlowDetail id={edge.id} />}
    </>
  );
}
