// Header values and keys are hostile bytes; every text that leaves this file is bounded and can be stored and shown.

const decoder = new TextDecoder("utf-8");
// NUL cannot be stored by Postgres, the other controls cannot be shown. Tab, newline and return stay: stack
// traces need them.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const ALL_CONTROLS = new RegExp(CONTROLS.source, "g");
const NOT_PRINTABLE = /[\u0000-\u001f\u007f\u0080-\u009f\ufffd]/;

/** The text with characters that can be neither stored nor shown replaced by U+FFFD. */
export const cleanText = (text: string): string => (CONTROLS.test(text) ? text.replace(ALL_CONTROLS, "\ufffd") : text);

/** The text as Postgres can hold it: NUL and half characters (lone surrogates) replaced by U+FFFD. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

/** A record key as Postgres can hold it: without NUL, so that a key is found by what people can type of it. */
export const storableKey = (key: string): string => (key.includes("\0") ? key.replaceAll("\0", "") : key);

/** Whether a text is one line that a person can read. */
export const isPrintable = (text: string): boolean => !NOT_PRINTABLE.test(text);

/** Not longer than maxChars UTF-16 units, and never ending in half a character. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const last = text.charCodeAt(maxChars - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? maxChars - 1 : maxChars);
}

/**
 * UTF-8 as text of at most maxBytes bytes, cut between characters, controls and all; wrong bytes become
 * U+FFFD; never throws.
 */
export function decodeBounded(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.length <= maxBytes) return decoder.decode(bytes);
  let end = maxBytes;
  // A continuation byte at the cut belongs to a character that began before it: at most three steps back.
  while (end > maxBytes - 4 && end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return decoder.decode(bytes.subarray(0, end));
}

/** decodeBounded without characters that can be neither stored nor shown. */
export const decodeText = (bytes: Uint8Array, maxBytes: number): string => cleanText(decodeBounded(bytes, maxBytes));

/**
 * Some serializers write header strings as JSON, so "x" with its quotes means x; anything else is returned as it is.
 */
export function unquote(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== 0x22 || text.charCodeAt(text.length - 1) !== 0x22) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "string" ? parsed : text;
  } catch {
    return text; // Quotes that are no JSON string belong to the value.
  }
}

/** The first maxBytes bytes as lower-case hex. */
export function hexOf(bytes: Uint8Array, maxBytes: number): string {
  let hex = "";
  const end = Math.min(bytes.length, maxBytes);
  for (let i = 0; i < end; i++) hex += (bytes[i] as number).toString(16).padStart(2, "0");
  return hex;
}

/** A record key for people: printable UTF-8 of at most 200 characters, else "0x" and the hex of its first 64 bytes. */
export function readableKey(key: Uint8Array | null): string | null {
  if (key === null) return null;
  const text = decodeBounded(key, 800);
  return isPrintable(text) ? cutText(text, 200) : `0x${hexOf(key, 64)}`;
}
