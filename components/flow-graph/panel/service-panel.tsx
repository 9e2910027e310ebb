"use client";
import { StatCard } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { count, durationMs, ratePerSecond, rate } from "#components/ui/format.ts";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import type { ServiceNode } from "#lib/contracts/flow.ts";
import { byTrouble, type Scene } from "../scene.ts";
import { FlowDetail } from "./detail.tsx";
import { LatencyLine, Line, Section, Stats } from "./parts.tsx";

export function ServicePanel({
  node,
  scene,
  onSelect,
}: {
  readonly node: ServiceNode;
  readonly scene: Scene;
  readonly onSelect: (id: string) => void;
}) {
  const groups = [...scene.nodeById.values()]
    .filter((one) => one.kind === "group")
    .filter((one) => one.serviceNode === node.id)
    .toSorted(byTrouble);
  const publishes = [...scene.edgeById.values()]
    .filter((edge) => edge.kind === "publish" && edge.from === node.id)
    .toSorted((a, b) => b.ratePerSecond - a.ratePerSecond);
  return (
    <>
      {node.stateReason !== null && (
        <p
          className={cn(
            "rounded-lg border p-3",
            node.state === "lagging" ? "border-warnline bg-warnbg" : "border-badline bg-badbg",
          )}
        >
          {node.stateReason.slice(0, 300)}
        </p>
      )}
      <Stats>
        <StatCard label="Publishes" value={rate(node.publishRate)} context="events per second" />
        <StatCard label="Consumes" value={rate(node.consumeRate)} context="events per second" />
      </Stats>
      {node.consumeLatency && node.consumeLatency.samples > 0 && (
        <Section title="Consume latency" aside={`${count(node.consumeLatency.samples)} events`}>
          <LatencyLine latency={node.consumeLatency} />
        </Section>
      )}
      {groups.length > 0 && (
        <Section title="Consumer groups">
          <div>
            {groups.map((group) => (
              <Line key={group.id} name={group.label} mono={false} onOpen={() => onSelect(group.id)}>
                {group.timeLagMs !== null && group.lagMessages !== "0" && `lag ${durationMs(group.timeLagMs)}`}
                <VerdictTag verdict={group.verdict} />
              </Line>
            ))}
          </div>
        </Section>
      )}
      {publishes.length > 0 && (
        <Section title="Publishes to">
          <div>
            {publishes.map((edge) => (
              <Line key={edge.id} name={scene.nodeById.get(edge.to)?.label ?? edge.to} onOpen={() => onSelect(edge.id)}>
                {edge.errors > 0 && <span className="text-bad">{count(edge.errors)} failed</span>}
                {ratePerSecond(edge.ratePerSecond)}
              </Line>
            ))}
          </div>
        </Section>
      )}
      <FlowDetail id={node.id} />
    </>
  );
}
