/** The size of each box, from its name and chips only, so that changing numbers move nothing. */
import type { Box } from "../scene.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const CHIP = 18;
const CHIP_GAP = 6;
const NAME_CHAR = 7.6;
const MONO_CHAR = 7;
const MOST = 240;

const widthOf = (text: string, charWidth: number, padding: number, least: number) =>
  Math.min(MOST, Math.max(least, Math.ceil(text.length * charWidth) + padding));

export function sizeOf(box: Box): Size {
  if (box.kind === "topic") return { width: widthOf(box.node.label, MONO_CHAR, 26, 92), height: 40 };
  if (box.kind === "group") return { width: widthOf(box.node.label, NAME_CHAR, 32, 104), height: 46 };
  return {
    width: widthOf(box.node.label, NAME_CHAR, 30, 118),
    height: Math.max(54, 16 + box.docked.length * (CHIP + CHIP_GAP)),
  };
}

/** The vertical centre of a docked group’s chip, in px from the top of the box. */
export function chipCentre(index: number, chips: number, boxHeight: number): number {
  const stack = chips * CHIP + (chips - 1) * CHIP_GAP;
  return (boxHeight - stack) / 2 + index * (CHIP + CHIP_GAP) + CHIP / 2;
}
