/** SVG paths of links. */
import type { ElkPoint } from "elkjs/lib/elk-api.js";
import type { BoxPosition } from "./layout.ts";

const at = ({ x, y }: ElkPoint) => `${x.toFixed(1)} ${y.toFixed(1)}`;

/**
 * ELK returns control points of cubic Bézier segments: two per segment and one where segments meet. One or two
 * remaining points are drawn as a line or a quadratic curve.
 */
export function splinePath(start: ElkPoint, bends: readonly ElkPoint[], end: ElkPoint): string {
  const points = [...bends, end];
  if (bends.length === 0) return curve(start, end);
  let path = `M${at(start)}`;
  let i = 0;
  for (; i + 2 < points.length; i += 3) {
    const [c1, c2, to] = points.slice(i, i + 3);
    if (c1 && c2 && to) path += `C${at(c1)} ${at(c2)} ${at(to)}`;
  }
  const rest = points.slice(i);
  if (rest.length === 2 && rest[0] && rest[1]) path += `Q${at(rest[0])} ${at(rest[1])}`;
  else if (rest[0]) path += `L${at(rest[0])}`;
  return path;
}

/** How far a link that goes back swings out. */
const MOST_SWING = 90;

/** An S-curve from a right edge to a left edge. */
export function curve(from: ElkPoint, to: ElkPoint): string {
  const half = Math.max(24, Math.abs(to.x - from.x) / 2);
  const bend = to.x < from.x ? Math.min(MOST_SWING, half) : half;
  return `M${at(from)}C${at({ x: from.x + bend, y: from.y })} ${at({ x: to.x - bend, y: to.y })} ${at(to)}`;
}

/** An arc from the top of one box to the top of another, above the boxes between. */
export function arc(from: BoxPosition, to: BoxPosition): string {
  const start = { x: from.x + from.width / 2, y: from.y };
  const end = { x: to.x + to.width / 2, y: to.y };
  const lift = Math.min(140, 36 + Math.abs(end.x - start.x) * 0.16);
  const inset = (end.x - start.x) * 0.2;
  const rise = { x: start.x + inset, y: start.y - lift };
  const fall = { x: end.x - inset, y: end.y - lift };
  return `M${at(start)}C${at(rise)} ${at(fall)} ${at(end)}`;
}
