import { toPng, toSvg } from "html-to-image";
import type { Layout } from "./elk-graph.ts";

const MARGIN = 40;
const MOST_PIXELS = 8000;

/** Saves the whole graph, not only what is in view, as a picture. Rejects when the browser cannot draw it. */
export async function exportImage(canvas: HTMLElement, layout: Layout, format: "png" | "svg", name: string): Promise<void> {
  const viewport = canvas.querySelector<HTMLElement>(".react-flow__viewport");
  if (!viewport || layout.boxes.size === 0) throw new Error("There is no graph to export yet.");
  const boxes = [...layout.boxes.values()];
  const left = Math.min(...boxes.map((box) => box.x)) - MARGIN;
  const top = Math.min(...boxes.map((box) => box.y)) - MARGIN;
  const width = Math.ceil(Math.max(...boxes.map((box) => box.x + box.width)) + MARGIN - left);
  const height = Math.ceil(Math.max(...boxes.map((box) => box.y + box.height)) + MARGIN - top);
  const options = {
    width,
    height,
    pixelRatio: Math.min(2, MOST_PIXELS / Math.max(width, height)),
    backgroundColor: getComputedStyle(document.body).backgroundColor,
    style: { width: `${width}px`, height: `${height}px`, transform: `translate(${-left}px, ${-top}px) scale(1)` },
  };
  const url = await (format === "png" ? toPng(viewport, options) : toSvg(viewport, options));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.${format}`;
  link.click();
}
