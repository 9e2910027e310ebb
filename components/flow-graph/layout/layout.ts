/** The position of each box of a scene and the path of each link. */
import type { ElkPoint } from "elkjs/lib/elk-api.js";

export interface BoxPosition {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The space that the graph is shown in, at full size. */
export interface Frame {
  readonly width: number;
  readonly height: number;
}
export const aspectOf = (frame: Frame): number => frame.width / frame.height;

/** A connected part of a scene, laid out by itself: positions count from its own corner. */
export interface LaidOutPart {
  /** what it was laid out from (`structureOf`): a part without new boxes or links keeps its layout */
  readonly structure: ReadonlySet<string>;
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, BoxPosition>;
  /** start, control points and end by link id */
  readonly links: ReadonlyMap<string, readonly ElkPoint[]>;
  /** a simple layout that stands in until the good one is there */
  readonly isDraft: boolean;
}
export interface PlacedPart {
  readonly x: number;
  readonly y: number;
  readonly part: LaidOutPart;
}
export interface Layout {
  readonly boxes: ReadonlyMap<string, BoxPosition>;
  /** SVG paths by link id */
  readonly paths: ReadonlyMap<string, string>;
  readonly parts: readonly PlacedPart[];
}
export const NO_LAYOUT: Layout = { boxes: new Map(), paths: new Map(), parts: [] };
