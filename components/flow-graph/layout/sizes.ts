/** How large each box is. From its name and its chips alone, so that numbers may change without anything moving. */
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

const wide = (text: string, char: number, around: number, least: number) =>
  Math.min(MOST, Math.max(least, Math.ceil(text.length * char) + around));

export function sizeOf(box: Box): Size {
  if (box.kind === "topic") return { width: wide(box.node.label, MONO_CHAR, 26, 92), height: 40 };
  if (box.kind === "group") return { width: wide(box.node.label, NAME_CHAR, 32, 104), height: 46 };
  return {
    width: wide(box.node.label, NAME_CHAR, 30, 118),
    height: Math.max(54, 16 + box.docked.length * (CHIP + CHIP_GAP)),
  };
}

/** Where a docked group's chip stands: its centre, from the top of the box. */
export function chipCentre(index: number, chips: number, boxHeight: number): number {
  const stack = chips * CHIP + (chips - 1) * CHIP_GAP;
  return (boxHeight - stack) / 2 + index * (CHIP + CHIP_GAP) + CHIP / 2;
}
