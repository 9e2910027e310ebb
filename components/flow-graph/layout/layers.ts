/**
 * Assigns a column to each box. Events flow from left to right: a service is left of its topics, and a topic is left of
 * its readers. A cycle is cut before the service where its events start.
 */
import type { Layout } from "./layout.ts";
import type { Scene } from "../scene.ts";

/** Column by box id, from 0. */
export function layersOf(scene: Scene, before: Layout): ReadonlyMap<string, number> {
  const order = readersInOrder(scene, before);
  const rank = new Map(order.map((id, index) => [id, index]));
  const into = new Map<string, string[]>();
  const outOf = new Map<string, string[]>();
  const producersOf = new Map<string, string[]>();
  for (const link of scene.links) if (link.edge.kind === "publish") push(producersOf, link.target, link.source);
  for (const link of scene.links) {
    // A reader left of a producer of the topic closes a cycle: that link points back.
    const back =
      link.edge.kind === "consume" &&
      (producersOf.get(link.source) ?? []).some(
        (producer) => (rank.get(producer) ?? 0) >= (rank.get(link.target) ?? 0),
      );
    if (back) continue;
    push(into, link.target, link.source);
    push(outOf, link.source, link.target);
  }
  const layer = new Map<string, number>();
  const depth = (id: string): number => {
    const known = layer.get(id);
    if (known !== undefined) return known;
    layer.set(id, 0);
    const deepest = Math.max(-1, ...(into.get(id) ?? []).map(depth)) + 1;
    layer.set(id, deepest);
    return deepest;
  };
  for (const box of scene.boxes) depth(box.id);
  // A box without input is placed directly left of its target, not at the left edge.
  for (const box of scene.boxes) {
    if ((into.get(box.id)?.length ?? 0) > 0) continue;
    const nearest = Math.min(...(outOf.get(box.id) ?? []).map((id) => slack(id, box.id, layer, into, outOf)));
    if (Number.isFinite(nearest)) layer.set(box.id, Math.max(0, nearest - 1));
  }
  return layer;
}

/** The rightmost column for the next box: a topic written only by this service moves along with it. */
function slack(
  id: string,
  from: string,
  layer: Map<string, number>,
  into: ReadonlyMap<string, string[]>,
  outOf: ReadonlyMap<string, string[]>,
): number {
  const here = layer.get(id) ?? 0;
  if ((into.get(id) ?? []).some((source) => source !== from)) return here;
  const next = Math.min(...(outOf.get(id) ?? []).map((target) => layer.get(target) ?? 0));
  if (!Number.isFinite(next) || next - 1 <= here) return here;
  layer.set(id, next - 1);
  return next - 1;
}

/** Services and groups without a service, ordered so that few events flow backwards (greedy, after Eades et al.). */
function readersInOrder(scene: Scene, before: Layout): string[] {
  const weights = new Map<string, Map<string, number>>();
  const producersOf = new Map<string, string[]>();
  for (const link of scene.links) if (link.edge.kind === "publish") push(producersOf, link.target, link.source);
  const ids = new Set(scene.boxes.filter((box) => box.kind !== "topic").map((box) => box.id));
  for (const link of scene.links) {
    if (link.edge.kind !== "consume") continue;
    for (const producer of producersOf.get(link.source) ?? []) {
      if (producer === link.target) continue;
      const to = weights.get(producer) ?? new Map<string, number>();
      weights.set(producer, to.set(link.target, (to.get(link.target) ?? 0) + 1 + link.edge.ratePerSecond));
    }
  }
  const originRates = originRatesOf(scene);
  const left = [...ids].sort();
  const placed: string[] = [];
  const last: string[] = [];
  const flows = (from: string, to: string) => weights.get(from)?.get(to) ?? 0;
  while (left.length > 0) {
    const sink = left.find((id) => left.every((other) => flows(id, other) === 0));
    const source = left.find((id) => left.every((other) => flows(other, id) === 0));
    // In a cycle: first by the previous layout, then by origin of events, then by input from boxes already placed.
    const score = (id: string) => ({
      x: before.boxes.get(id)?.x ?? Number.MAX_SAFE_INTEGER,
      origin: originRates.get(id) ?? 0,
      fed: placed.reduce((sum, from) => sum + flows(from, id), 0),
    });
    const next =
      source ??
      sink ??
      left.map((id) => ({ id, ...score(id) })).sort((a, b) => a.x - b.x || b.origin - a.origin || b.fed - a.fed)[0]?.id;
    if (next === undefined) break;
    left.splice(left.indexOf(next), 1);
    if (next === sink && next !== source) last.unshift(next);
    else placed.push(next);
  }
  return [...placed, ...last];
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

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
