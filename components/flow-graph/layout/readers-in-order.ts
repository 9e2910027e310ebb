/** Who comes before whom: services and groups without a service, so that few events flow backwards. */
import type { Layout } from "./layout.ts";
import type { Scene } from "../scene.ts";

/**
 * The greedy order of Eades, Lin and Smyth. In a cycle comes first who was further left in the layout before, then who
 * publishes most events without a cause, then who reads most of those that are placed.
 */
export function readersInOrder(scene: Scene, before: Pick<Layout, "boxes">): string[] {
  const ids = scene.boxes.filter((box) => box.kind !== "topic").map((box) => box.id);
  const flows = flowsBetween(scene);
  const sources = new Map<string, number>();
  const targets = new Map<string, number>();
  const writersTo = new Map<string, string[]>();
  const count = (counts: Map<string, number>, id: string, by: number) => counts.set(id, (counts.get(id) ?? 0) + by);
  for (const [from, readers] of flows)
    for (const to of readers.keys()) {
      count(targets, from, 1);
      count(sources, to, 1);
      writersTo.set(to, [...(writersTo.get(to) ?? []), from]);
    }
  const originRates = originRatesOf(scene);
  const fed = new Map<string, number>();
  const left = new Set(ids.sort());
  const placed: string[] = [];
  const last: string[] = [];
  while (left.size > 0) {
    const all = [...left];
    const source = all.find((id) => (sources.get(id) ?? 0) === 0);
    const sink = source === undefined ? all.find((id) => (targets.get(id) ?? 0) === 0) : undefined;
    const score = (id: string) => ({
      id,
      x: before.boxes.get(id)?.x ?? Number.MAX_SAFE_INTEGER,
      origin: originRates.get(id) ?? 0,
      fed: fed.get(id) ?? 0,
    });
    const next =
      source ?? sink ?? all.map(score).sort((a, b) => a.x - b.x || b.origin - a.origin || b.fed - a.fed)[0]?.id;
    if (next === undefined) break;
    left.delete(next);
    for (const writer of writersTo.get(next) ?? []) count(targets, writer, -1);
    for (const [reader, rate] of flows.get(next) ?? []) {
      count(sources, reader, -1);
      if (next !== sink) count(fed, reader, rate);
    }
    if (next === sink) last.unshift(next);
    else placed.push(next);
  }
  return [...placed, ...last];
}

/** From whom to whom events flow through topics, and how many. */
function flowsBetween(scene: Scene): Map<string, Map<string, number>> {
  const producersOf = Map.groupBy(
    scene.links.filter((link) => link.edge.kind === "publish"),
    (link) => link.target,
  );
  const flows = new Map<string, Map<string, number>>();
  for (const link of scene.links) {
    if (link.edge.kind !== "consume") continue;
    for (const { source: producer } of producersOf.get(link.source) ?? []) {
      if (producer === link.target) continue;
      const to = flows.get(producer) ?? new Map<string, number>();
      flows.set(producer, to.set(link.target, (to.get(link.target) ?? 0) + 1 + link.edge.ratePerSecond));
    }
  }
  return flows;
}

/**
 * Events per second that a service publishes without a causing event. Shares below a tenth of its rate count as noise.
 */
function originRatesOf(scene: Scene): Map<string, number> {
  const caused = new Map<string, number>();
  for (const { edge } of scene.causes) caused.set(edge.to, (caused.get(edge.to) ?? 0) + edge.ratePerSecond);
  const rates = new Map<string, number>();
  for (const { edge } of scene.links) {
    if (edge.kind !== "publish" || edge.ratePerSecond <= 0) continue;
    const share = Math.max(0, 1 - (caused.get(edge.to) ?? 0) / edge.ratePerSecond);
    if (share >= 0.1) rates.set(edge.from, (rates.get(edge.from) ?? 0) + share * edge.ratePerSecond);
  }
  return rates;
}
