import { toPng, toSvg } from "html-to-image";
import type { Layout } from "../layout/layout.ts";

const MARGIN = 40;
const MOST_PIXELS = 8000;

/** Saves the whole graph, not only the visible part, as an image. Rejects when the browser cannot draw it. */
export async function exportImage(
  canvas: HTMLElement,
  layout: Layout,
  format: "png" | "svg",
  name: string,
): Promise<void> {
  const viewport = canvas.querySelector<HTMLElement>(".react-flow__viewport");
  if (!viewport || layout.boxes.size === 0) throw new Error("There is no graph to export yet.");
  const { left, top, width, height } = extentOf(layout);
  const options = {
    width,
    height,
    pixelRatio: Math.min(2, MOST_PIXELS / Math.max(width, height)),
    backgroundColor: getComputedStyle(document.body).backgroundColor,
    fontEmbedCSS: await fontsInline(),
    style: { width: `${width}px`, height: `${height}px`, transform: `translate(${-left}px, ${-top}px) scale(1)` },
  };
  const url = await (format === "png" ? toPng(viewport, options) : toSvg(viewport, options));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.${format}`;
  link.click();
}

/** The bounds of boxes and links; links can leave the area of the boxes. */
function extentOf(layout: Layout) {
  const boxes = [...layout.boxes.values()];
  const points = [...layout.paths.values()].flatMap((path) =>
    [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]) => ({ x: Number(x), y: Number(y) })),
  );
  const xs = [...boxes.flatMap((box) => [box.x, box.x + box.width]), ...points.map((point) => point.x)];
  const ys = [...boxes.flatMap((box) => [box.y, box.y + box.height]), ...points.map((point) => point.y)];
  const least = (values: number[]) => values.reduce((a, b) => Math.min(a, b));
  const most = (values: number[]) => values.reduce((a, b) => Math.max(a, b));
  const left = least(xs) - MARGIN;
  const top = least(ys) - MARGIN;
  return { left, top, width: Math.ceil(most(xs) + MARGIN - left), height: Math.ceil(most(ys) + MARGIN - top) };
}

/**
 * The page's fonts with their files inlined, so that the image is self-contained. The library's own method needs a base
 * element, which our Content-Security-Policy forbids.
 */
async function fontsInline(): Promise<string> {
  const faces = [...document.styleSheets].flatMap((sheet) =>
    [...rulesOf(sheet)]
      .filter((rule) => rule instanceof CSSFontFaceRule)
      .map((rule) => ({ rule, base: sheet.href ?? location.href })),
  );
  const inlined = await Promise.all(
    faces.slice(0, MOST_FONTS).map(async ({ rule, base }) => {
      const file = /url\(["']?([^"')]+)["']?\)/.exec(rule.style.getPropertyValue("src"))?.[1];
      if (file === undefined) return "";
      const response = await fetch(new URL(file, base));
      return response.ok ? rule.cssText.replace(file, await asDataUrl(await response.blob())) : "";
    }),
  );
  return inlined.join("\n");
}
const MOST_FONTS = 8;

function rulesOf(sheet: CSSStyleSheet): Iterable<CSSRule> {
  try {
    return sheet.cssRules;
  } catch {
    return []; // the style sheet of a browser extension, which may not be read
  }
}

const asDataUrl = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () =>
      typeof reader.result === "string" ? resolve(reader.result) : reject(new Error("The font could not be read."));
    reader.onerror = () => reject(reader.error ?? new Error("The font could not be read."));
    reader.readAsDataURL(blob);
  });
