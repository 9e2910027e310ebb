/** An event changed by hand before it is sent again. The original stays where it lies. */
import type { Headers } from "../message/headers.ts";

/** Marks the record as different from the one that was first published. */
export const EDITED_HEADER = "flowtap-edited";

export interface ItemEdit {
  /** the body to be sent, as UTF-8; null: none, a tombstone; undefined: the original's bytes */
  readonly body?: string | null | undefined;
  readonly setHeaders: readonly { readonly name: string; readonly value: string }[];
  readonly removeHeaders: readonly string[];
}

/**
 * The content as edited. A header that is set replaces all headers of its name; others keep their bytes and order.
 */
export function applyEdit(
  original: { readonly value: Uint8Array | null; readonly headers: Headers },
  edit: ItemEdit,
): { readonly value: Uint8Array | null; readonly headers: Headers } {
  const text = new TextEncoder();
  const replaced = new Set([...edit.removeHeaders, ...edit.setHeaders.map(({ name }) => name)]);
  return {
    value: edit.body === undefined ? original.value : edit.body === null ? null : text.encode(edit.body),
    headers: [
      ...original.headers.filter(([name]) => !replaced.has(name)),
      ...edit.setHeaders.map(({ name, value }) => [name, text.encode(value)] as const),
    ],
  };
}

export interface DiffLine {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

/** Longer texts are shown as removed and added as a whole: the table below grows with the square of the lines. */
const MOST_LINES = 600;

/** Which lines were removed and which were added, by the longest common subsequence. */
export function diffLines(before: string, after: string): DiffLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  if (a.length > MOST_LINES || b.length > MOST_LINES)
    return [...a.map((text): DiffLine => ({ sign: "-", text })), ...b.map((text): DiffLine => ({ sign: "+", text }))];
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: " ", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1)))
      lines.push({ sign: "-", text: a[i++] ?? "" });
    else lines.push({ sign: "+", text: b[j++] ?? "" });
  }
  return lines;
}
