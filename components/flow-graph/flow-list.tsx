"use client";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { StateTag, VerdictTag } from "#components/ui/state-tag.tsx";
import type { FlowNode } from "#lib/contracts/flow.ts";
import { groupWords, serviceWords, topicWords } from "./appearance.ts";
import { byTrouble, type Scene } from "./scene.ts";

const KINDS: readonly (readonly [FlowNode["kind"], string])[] = [
  ["group", "Consumer groups"],
  ["service", "Services"],
  ["topic", "Topics"],
];

/** The graph as a list for small screens, worst state first. */
export function FlowList({
  scene,
  windowSeconds,
  onSelect,
}: {
  readonly scene: Scene;
  readonly windowSeconds: number;
  readonly onSelect: (id: string) => void;
}) {
  const nodes = [...scene.nodeById.values()].toSorted((a, b) => byTrouble(a, b) || (a.label < b.label ? -1 : 1));
  return (
    <div className="flex flex-col gap-4 px-3 pb-24">
      {KINDS.map(([kind, title]) => {
        const shown = nodes.filter((node) => node.kind === kind);
        if (shown.length === 0) return null;
        return (
          <section key={kind}>
            <h2 className="mb-1 text-xs font-medium text-mut">{title}</h2>
            <ul className="overflow-hidden rounded-lg border bg-panel">
              {shown.map((node) => (
                <li key={node.id} className="border-b last:border-b-0">
                  <button
                    type="button"
                    onClick={() => onSelect(node.id)}
                    className="flex min-h-11 w-full items-center gap-3 px-3 py-1.5 text-left hover:bg-raise"
                  >
                    <span className="min-w-0">
                      <BrokerText
                        text={node.label}
                        mono={node.kind === "topic"}
                        className="block truncate"
                        maxLength={48}
                      />
                      <span className="block truncate text-2xs text-mut">{wordsOf(node, scene, windowSeconds)}</span>
                    </span>
                    <span className="ml-auto shrink-0">
                      {node.kind === "group" ? (
                        <VerdictTag verdict={node.verdict} />
                      ) : (
                        node.state !== "normal" && <StateTag state={node.state} />
                      )}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function wordsOf(node: FlowNode, scene: Scene, windowSeconds: number): string {
  if (node.kind === "topic") return topicWords(node, windowSeconds);
  if (node.kind === "group") return groupWords(node);
  return serviceWords(
    node,
    [...scene.nodeById.values()].filter((one) => one.kind === "group").filter((one) => one.serviceNode === node.id),
  );
}
