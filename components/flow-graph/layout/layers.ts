/**
 * Which column each box stands in. Left to right is the way of the events, so a service stands before its topics
 * and a topic before its readers; where the events go round in a circle, the circle is cut before the service the
 * events begin at.
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
    // A reader that stands before some producer of what it reads closes a circle: that link goes back.
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
  // What nothing flows into stands right before what it feeds, not far away at the rim.
  for (const box of scene.boxes) {
    if ((into.get(box.id)?.length ?? 0) > 0) continue;
    const nearest = Math.min(...(outOf.get(box.id) ?? []).map((id) => slack(id, box.id, layer, into, outOf)));
    if (Number.isFinite(nearest)) layer.set(box.id, Math.max(0, nearest - 1));
  }
  return layer;
}

/** How far right the next box may stand: a topic fed by this service alone moves along with it. */
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

/** Services and lone groups, so that as few events as can be flow against the order. */
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
  const begins = beginningsOf(scene);
  const left = [...ids].sort();
  const placed: string[] = [];
  const last: string[] = [];
  const flows = (from: string, to: string) => weights.get(from)?.get(to) ?? 0;
  while (left.length > 0) {
    const sink = left.find((id) => left.every((other) => flows(id, other) === 0));
    const source = left.find((id) => left.every((other) => flows(other, id) === 0));
    // A circle: first what stood first before, then where events begin, then what the placed ones feed most.
    const score = (id: string) => ({
      x: before.boxes.get(id)?.x ?? Number.MAX_SAFE_INTEGER,
      begins: begins.get(id) ?? 0,
      fed: placed.reduce((sum, from) => sum + flows(from, id), 0),
    });
    const next =
      source ??
      sink ??
      left.map((id) => ({ id, ...score(id) })).sort((a, b) => a.x - b.x || b.begins - a.begins || b.fed - a.fed)[0]?.id;
    if (next === undefined) break;
    left.splice(left.indexOf(next), 1);
    if (next === sink && next !== source) last.unshift(next);
    else placed.push(next);
  }
  return [...placed, ...last];
}

/**
 * Events per second a service publishes that no other event caused, by tenths of what it publishes: small
 * shares are noise.
 */
function beginningsOf(scene: Scene): Map<string, number> {
  const caused = new Map<string, number>();
  for (const { edge } of scene.causes) caused.set(edge.to, (caused.get(edge.to) ?? 0) + edge.ratePerSecond);
  const begins = new Map<string, number>();
  for (const { edge } of scene.links) {
    if (edge.kind !== "publish" || edge.ratePerSecond <= 0) continue;
    const share = Math.max(0, 1 - (caused.get(edge.to) ?? 0) / edge.ratePerSecond);
    if (share >= 0.1) begins.set(edge.from, (begins.get(edge.from) ?? 0) + share * edge.ratePerSecond);
  }
  return begins;
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
