/** Colours, widths and labels of the flow graph. Colour means state and nothing else. */
import type { HealthState, Verdict } from "#lib/contracts/common.ts";
import type { FlowEdge, FlowNode, GroupNode, ServiceNode, TopicNode } from "#lib/contracts/flow.ts";
import { count, durationMs, plural, ratePerSecond, roughly } from "#components/ui/format.ts";

export const EDGE_COLOR: Readonly<Record<HealthState, string>> = {
  normal: "var(--edge)",
  unknown: "var(--edge)",
  lagging: "var(--warn)",
  failing: "var(--bad-strong)",
  stuck: "var(--bad-strong)",
};
export const DOT_COLOR: Readonly<Record<HealthState, string>> = {
  normal: "var(--edge-dot)",
  unknown: "var(--edge-dot)",
  lagging: "var(--warn)",
  failing: "var(--bad-strong)",
  stuck: "var(--bad-strong)",
};

/**
 * Width in px, logarithmic in throughput: 1/s is thin, 1,000/s is thick. Rounded to steps of 0.2, so that small changes
 * redraw nothing.
 */
export const edgeWidth = (ratePerSecond: number): number =>
  Math.min(6, Math.round((1.2 + 0.95 * Math.log10(1 + Math.max(0, ratePerSecond))) * 5) / 5);

/** How many dots move along an edge at once, and how long one takes. */
export function dotsOf(edge: FlowEdge): { readonly dots: number; readonly seconds: number } {
  if (edge.ratePerSecond <= 0 || edge.state === "stuck") return { dots: 0, seconds: 0 };
  const strength = Math.log10(1 + edge.ratePerSecond);
  return {
    dots: Math.min(4, 1 + Math.floor(strength * 1.4)),
    seconds: Math.max(1.6, Math.round((4.2 - strength) * 2) / 2),
  };
}

const CHIP_TONE: Readonly<Record<Verdict, string>> = {
  ok: "border-dim/70 bg-raise text-mut",
  unknown: "border-dashed border-dim bg-raise text-mut",
  warning: "border-warn bg-warn text-(--on-warn)",
  rewound: "border-warn bg-warn text-(--on-warn)",
  stopped: "border-(--bad-strong) bg-(--bad-strong) text-(--on-bad)",
  stalled: "border-(--bad-strong) bg-(--bad-strong) text-(--on-bad)",
};
export const chipTone = (verdict: Verdict): string => CHIP_TONE[verdict];

export const boxTone = (state: HealthState): string =>
  state === "stuck" || state === "failing"
    ? "border-(--bad-strong) border-[1.5px] group-data-[distance=far]/canvas:bg-(--bad-strong)"
    : state === "lagging"
      ? "border-warn border-[1.5px] group-data-[distance=far]/canvas:bg-warn"
      : "border-line2 group-data-[distance=far]/canvas:bg-(--dim)";

const lagWords = (group: GroupNode): string =>
  group.timeLagMs === null ? `lag ${count(group.lagMessages)}` : `lag ${durationMs(group.timeLagMs)}`;
export const groupWords = (group: GroupNode): string => {
  if (group.state === "stuck")
    return group.timeLagMs === null ? `stuck, lag ${count(group.lagMessages)}` : `stuck ${roughly(group.timeLagMs)}`;
  if (group.state === "failing") return "failing";
  if (group.verdict === "unknown") return group.members === 0 ? "not evaluated yet" : plural(group.members, "member");
  if (group.members === 0) return "no members";
  return group.lagMessages === "0" ? plural(group.members, "member") : lagWords(group);
};

export function serviceWords(node: ServiceNode, docked: readonly GroupNode[]): string {
  const worst = docked.find((group) => group.state === node.state);
  if ((node.state === "stuck" || node.state === "lagging") && worst) return groupWords(worst);
  if (node.state === "failing") return "failing";
  if (node.consumeLatency && node.consumeLatency.samples > 0) return `p99 ${durationMs(node.consumeLatency.p99Ms)}`;
  return node.publishRate > 0
    ? `publishes ${ratePerSecond(node.publishRate)}`
    : node.consumeRate > 0
      ? `consumes ${ratePerSecond(node.consumeRate)}`
      : "idle";
}

export function topicWords(node: TopicNode, windowSeconds: number): string {
  if (node.role === "dead_letter")
    return node.inRate > 0
      ? `${count(Math.round(node.inRate * windowSeconds))} in ${durationMs(windowSeconds * 1000)}`
      : "no new events";
  const versions = new Set(node.types.map((type) => type.schemaVersion)).size;
  const versionNote = versions > 1 && node.label.length > 10 ? ` · ${versions} versions` : "";
  return node.inRate === 0 ? "idle" : `${ratePerSecond(node.inRate)}${versionNote}`;
}

/** The accessible name of a box. */
export function accessibleName(node: FlowNode, words: string): string {
  const kind =
    node.kind === "topic"
      ? node.role === "dead_letter"
        ? "dead-letter topic"
        : "topic"
      : node.kind === "group"
        ? "consumer group"
        : "service";
  const trouble = node.state === "normal" || node.state === "unknown" ? [] : [node.state];
  return [`${kind} ${node.label.slice(0, 100)}`, ...trouble, words].join(", ");
}
