// Header values and keys may be any bytes. Every text returned from here is bounded, storable and printable.

const decoder = new TextDecoder("utf-8");
// Postgres cannot store NUL, and the other control characters cannot be displayed. Tab, newline and carriage return
// are kept, because stack traces need them.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;
const ALL_CONTROLS = new RegExp(CONTROLS.source, "g");
const NOT_PRINTABLE = /[\u0000-\u001f\u007f\u0080-\u009f\ufffd]/;

/** Replaces characters that cannot be stored or displayed by U+FFFD. */
export const cleanText = (text: string): string => (CONTROLS.test(text) ? text.replace(ALL_CONTROLS, "\ufffd") : text);

/** Replaces what Postgres cannot store, NUL and lone surrogates, by U+FFFD. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

/** Removes NUL from a record key: Postgres cannot store it, and people cannot type it in a search. */
export const storableKey = (key: string): string => (key.includes("\0") ? key.replaceAll("\0", "") : key);

/** Whether a text is one line without control or replacement characters. */
export const isPrintable = (text: string): boolean => !NOT_PRINTABLE.test(text);

/** Cuts a text to at most maxChars UTF-16 units, never within a surrogate pair. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const last = text.charCodeAt(maxChars - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? maxChars - 1 : maxChars);
}

/**
 * Decodes at most maxBytes of UTF-8, cut between characters. Control characters are kept, invalid bytes become U+FFFD;
 * never throws.
 */
export function decodeBounded(bytes: Uint8Array, maxBytes: number): string {
  if (bytes.length <= maxBytes)
    return bytes instanceof Buffer && isShortAscii(bytes) ? bytes.toString("latin1") : decoder.decode(bytes);
  let end = maxBytes;
  // A continuation byte at the cut belongs to a character that begins at most three bytes earlier.
  while (end > maxBytes - 4 && end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return decoder.decode(bytes.subarray(0, end));
}

// Most header values are a few dozen ASCII characters: a TextDecoder takes three times as long for those.
const SHORT_BYTES = 128;

function isShortAscii(bytes: Uint8Array): boolean {
  if (bytes.length > SHORT_BYTES) return false;
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) >= 0x80) return false;
  return true;
}

/** decodeBounded, then cleanText. */
export const decodeText = (bytes: Uint8Array, maxBytes: number): string => cleanText(decodeBounded(bytes, maxBytes));

/** Removes the quotes of a JSON string, because some serializers write header values as JSON; leaves other texts. */
export function unquote(text: string): string {
  if (text.length < 2 || text.charCodeAt(0) !== 0x22 || text.charCodeAt(text.length - 1) !== 0x22) return text;
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "string" ? parsed : text;
  } catch {
    return text; // Not a JSON string: the quotes are part of the value.
  }
}

/** The first maxBytes bytes as lower-case hex. */
export function hexOf(bytes: Uint8Array, maxBytes: number): string {
  let hex = "";
  const end = Math.min(bytes.length, maxBytes);
  for (let i = 0; i < end; i++) hex += (bytes[i] as number).toString(16).padStart(2, "0");
  return hex;
}

/** A record key for display: printable UTF-8 of at most 200 characters, else "0x" and its first 64 bytes in hex. */
export function readableKey(key: Uint8Array | null): string | null {
  if (key === null) return null;
  const text = decodeBounded(key, 800);
  return isPrintable(text) ? cutText(text, 200) : `0x${hexOf(key, 64)}`;
}
