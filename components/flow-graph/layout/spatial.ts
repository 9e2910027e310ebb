import type { Layout, BoxPosition } from "./layout.ts";

const centre = ({ x, y, width, height }: BoxPosition) => ({ x: x + width / 2, y: y + height / 2 });

/** The nearest box in a direction, preferring boxes straight ahead. Null at the edge of the graph. */
export function neighbourInDirection(
  layout: Layout,
  from: string,
  direction: "left" | "right" | "up" | "down",
): string | null {
  const here = layout.boxes.get(from);
  if (!here) return null;
  const start = centre(here);
  let best: { readonly id: string; readonly distance: number } | null = null;
  for (const [id, box] of layout.boxes) {
    if (id === from) continue;
    const end = centre(box);
    const [dx, dy] = [end.x - start.x, end.y - start.y];
    const [ahead, aside] = { right: [dx, dy], left: [-dx, dy], down: [dy, dx], up: [-dy, dx] }[direction] as [
      number,
      number,
    ];
    if (ahead <= 1) continue;
    const distance = ahead + 2 * Math.abs(aside);
    if (best === null || distance < best.distance) best = { id, distance };
  }
  return best?.id ?? null;
}
