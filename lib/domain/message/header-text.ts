/** The value of a header as text, as a name or as an id. */
import { cleanText, unquote, decodeBounded, isPrintable, cutText, hexOf } from "../text/text.ts";

/** A longer value is not read as an id: two ids cut to the same text would join unrelated events. */

export const maxIdBytes = 512;
export const maxNameChars = 200;

/** A header value as text of any number of lines, unquoted, cut at maxBytes; null if absent or empty. */

export function textOf(value: Uint8Array | null | undefined, maxBytes: number): string | null {
  if (value === null || value === undefined || value.length === 0) return null;
  return cleanText(unquote(decodeBounded(value, maxBytes))) || null;
}

/** A header value as one line, unquoted, cut at maxBytes; null if absent, empty or not printable. */

export function lineOf(value: Uint8Array | null | undefined, maxBytes: number): string | null {
  if (value === null || value === undefined || value.length === 0) return null;
  const text = unquote(decodeBounded(value, maxBytes));
  return text !== "" && isPrintable(text) ? text : null;
}

/** A text as a name: trimmed, at most 200 characters; null if nothing printable is left. */

export function nameOf(text: string | null): string | null {
  if (text === null) return null;
  const name = cutText(text.trim(), maxNameChars);
  return name !== "" && isPrintable(name) ? name : null;
}

/**
 * A header value as an id: printable text, or hex for a binary one (Spring's default correlation id is 16 raw bytes).
 */
export function idOf(value: Uint8Array | null | undefined): string | null {
  if (value === null || value === undefined || value.length === 0 || value.length > maxIdBytes) return null;
  const text = unquote(decodeBounded(value, maxIdBytes)).trim();
  if (isPrintable(text)) return text || null;
  return value.length <= 64 ? hexOf(value, 64) : null;
}
