/**
 * Assigns a column to each box. Events flow from left to right: a service is left of its topics, and a topic is left of
 * its readers. A cycle is cut before the service where its events start.
 */
import type { Layout } from "./layout.ts";
import { readersInOrder } from "./readers-in-order.ts";
import type { Scene } from "../scene.ts";

/** Column by box id, from 0. */
export function layersOf(scene: Scene, before: Pick<Layout, "boxes">): ReadonlyMap<string, number> {
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

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
