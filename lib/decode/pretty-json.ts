import { cutText } from "#lib/domain/text/text.ts";

// Formats the source text, not parsed values: digits of numbers, duplicate names and their order stay as sent.

/** The nesting depth of arrays and objects in a text that may be JSON. */
export function jsonDepth(source: string): number {
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < source.length; i++) {
    const c = source.charAt(i);
    if (c === '"') i = stringEnd(source, i) - 1;
    else if (c === "{" || c === "[") deepest = Math.max(deepest, ++depth);
    else if (c === "}" || c === "]") depth--;
  }
  return deepest;
}

/** The index after the string that begins at `start`; the end of the source if it is not closed. */
function stringEnd(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    const c = source.charAt(i);
    if (c === "\\") i++;
    else if (c === '"') return i + 1;
  }
  return source.length;
}

/** Indents valid JSON by two spaces and cuts it at maxChars. */
export function prettyJson(source: string, maxChars: number): { text: string; truncated: boolean } {
  const pieces: string[] = [];
  let length = 0;
  let depth = 0;
  const write = (piece: string): void => {
    pieces.push(piece);
    length += piece.length;
  };
  const newLine = (): void => write("\n" + "  ".repeat(depth));
  for (let i = 0; i < source.length && length <= maxChars; ) {
    const c = source.charAt(i);
    const end = c === '"' ? stringEnd(source, i) : i + 1;
    if (c === "{" || c === "[") {
      const close = skipSpace(source, end);
      const closing = source.charAt(close);
      if (closing === "}" || closing === "]") {
        write(c + closing);
        i = close + 1;
        continue;
      }
      write(c);
      depth++;
      newLine();
    } else if (c === "}" || c === "]") {
      depth--;
      newLine();
      write(c);
    } else if (c === ",") {
      write(c);
      newLine();
    } else if (c === ":") {
      write(": ");
    } else if (!isSpace(c)) {
      write(source.slice(i, end));
    }
    i = end;
  }
  const text = pieces.join("");
  return text.length > maxChars ? { text: cutText(text, maxChars), truncated: true } : { text, truncated: false };
}

const isSpace = (c: string): boolean => c === " " || c === "\n" || c === "\r" || c === "\t";

function skipSpace(source: string, from: number): number {
  let i = from;
  while (i < source.length && isSpace(source.charAt(i))) i++;
  return i;
}
