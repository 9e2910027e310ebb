/**
 * How far away the graph is: near, everything is written; middling, only names, larger; far, none can be read, and only
 * colours are left. The boxes follow by CSS, so that zooming draws none of them anew.
 */
export type Distance = "near" | "middling" | "far";

export const distanceOf = ({
  transform: [, , zoom],
}: {
  readonly transform: readonly [number, number, number];
}): Distance => (zoom >= 0.62 ? "near" : zoom >= 0.3 ? "middling" : "far");
