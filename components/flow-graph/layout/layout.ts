/** The position of each box of a scene and the path of each link. */
export interface BoxPosition {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface Layout {
  readonly boxes: ReadonlyMap<string, BoxPosition>;
  /** SVG paths by link id */
  readonly paths: ReadonlyMap<string, string>;
}
export const NO_LAYOUT: Layout = { boxes: new Map(), paths: new Map() };
