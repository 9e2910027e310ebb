import { hash128Hex } from "./hash.ts";

const ZEROS = "0".repeat(32);
const UUID_OR_HEX = /^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i;
/** Texts that mean "no id". Taken as ids, they would join all events without one into one flow. */
const NO_ID = new Set(["", "0", "-", "null", "nil", "none", "undefined", "unknown", "n/a"]);

/** Whether the characters from..to of the text are all lower-case hex digits; false if the text ends before `to`. */
export function isLowerHex(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const c = text.charCodeAt(i);
    if (!((c >= 0x30 && c <= 0x39) || (c >= 0x61 && c <= 0x66))) return false;
  }
  return to <= text.length;
}

/**
 * Pads an id of 1 to `digits` hex digits, in any case, with zeros on the left to exactly `digits` lower-case ones; null
 * for anything else and for all zeros.
 */
export function paddedId(text: string, digits: 16 | 32): string | null {
  if (text.length === 0 || text.length > digits) return null;
  const id = text.toLowerCase().padStart(digits, "0");
  return isLowerHex(id, 0, digits) && !ZEROS.startsWith(id) ? id : null;
}

/**
 * A correlation or conversation id as 32 lower-case hex digits. A UUID (any case, with or without dashes and braces) or
 * 32 hex digits keep their value, so a correlation id that equals a trace id joins that trace; any other text is
 * hashed. Null for texts that mean "none".
 */
export function conversationIdOf(text: string): string | null {
  const length = text.length;
  if ((length === 32 || (length >= 36 && length <= 38)) && UUID_OR_HEX.test(text)) {
    const bits = text.replace(/[{}-]/g, "").toLowerCase();
    return bits === ZEROS ? null : bits;
  }
  return NO_ID.has(length <= 9 ? text.toLowerCase() : text) ? null : hash128Hex(text);
}
