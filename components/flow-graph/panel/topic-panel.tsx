"use client";
import Link from "next/link";
import { Button } from "#components/ui/button.tsx";
import { StatCard } from "#components/ui/card.tsx";
import { count, durationMs, rate, ratePerSecond } from "#components/ui/format.ts";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { TopicNode } from "#lib/contracts/flow.ts";
import type { Scene } from "../scene.ts";
import { FlowDetail } from "./detail.tsx";
import { Line, Section, Stats } from "./parts.tsx";
import { TypesList } from "./types-list.tsx";

export function TopicPanel({
  node,
  scene,
  onSelect,
}: {
  readonly node: TopicNode;
  readonly scene: Scene;
  readonly onSelect: (id: string) => void;
}) {
  const edges = [...scene.edgeById.values()];
  const producers = edges.filter((edge) => edge.kind === "publish" && edge.to === node.id);
  const readers = edges.filter((edge) => edge.kind === "consume" && edge.from === node.id);
  return (
    <>
      {node.stateReason !== null && (
        <p className="rounded-lg border border-badline bg-badbg p-3">{node.stateReason.slice(0, 300)}</p>
      )}
      <Stats>
        <StatCard label="In" value={rate(node.inRate)} context="events per second" />
        <StatCard
          label="Partitions"
          value={count(node.partitions)}
          context={
            node.role === "event" ? "event topic" : node.role === "dead_letter" ? "dead letters" : `${node.role} topic`
          }
        />
      </Stats>
      <div className="flex flex-wrap gap-2">
        <Button asChild>
          <Link prefetch={false} href={pages.topic(node.cluster, node.topic)}>
            Open topic
          </Link>
        </Button>
        {node.role === "dead_letter" && (
          <Button asChild>
            <Link prefetch={false} href={pages.failures({ topic: node.topic })}>
              Open failures
            </Link>
          </Button>
        )}
      </div>
      {producers.length > 0 && (
        <Section title="Producers">
          <div>
            {producers.map((edge) => (
              <Line
                key={edge.id}
                name={scene.nodeById.get(edge.from)?.label ?? edge.from}
                mono={false}
                onOpen={() => onSelect(edge.id)}
              >
                {ratePerSecond(edge.ratePerSecond)}
              </Line>
            ))}
          </div>
        </Section>
      )}
      {readers.length > 0 && (
        <Section title="Consumer groups">
          <div>
            {readers.map((edge) => {
              const group = scene.nodeById.get(edge.to);
              return (
                <Line key={edge.id} name={group?.label ?? edge.to} mono={false} onOpen={() => onSelect(edge.to)}>
                  {edge.latency && `p99 ${durationMs(edge.latency.p99Ms)}`}
                  {group?.kind === "group" && <VerdictTag verdict={group.verdict} />}
                </Line>
              );
            })}
          </div>
        </Section>
      )}
      <TypesList types={node.types} />
      <FlowDetail id={node.id} />
    </>
  );
}
