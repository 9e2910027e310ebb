/** The connected parts of a scene. ELK needs far longer for many parts at once than for one after the other. */
import type { Link, Scene } from "../scene.ts";

export function partsOf(scene: Scene): Scene[] {
  const parents = new Map(scene.boxes.map((box) => [box.id, box.id]));
  const rootOf = (id: string): string => {
    let root = id;
    for (let parent = parents.get(root); parent !== undefined && parent !== root; parent = parents.get(root))
      root = parent;
    // The way is shortened for the next search.
    for (let step = id; step !== root; ) {
      const next = parents.get(step) ?? root;
      parents.set(step, root);
      step = next;
    }
    return root;
  };
  for (const link of scene.links) parents.set(rootOf(link.source), rootOf(link.target));
  const boxes = Map.groupBy(scene.boxes, (box) => rootOf(box.id));
  const ofPart = (links: readonly Link[]) => Map.groupBy(links, (link) => rootOf(link.source));
  const links = ofPart(scene.links);
  const causes = ofPart(scene.causes);
  return [...boxes].map(([root, ofRoot]) => ({
    ...scene,
    boxes: ofRoot,
    links: links.get(root) ?? [],
    causes: causes.get(root) ?? [],
  }));
}
