/** The first byte of a JSON text after white space and the byte-order mark that .NET tools write; -1: none. */
export function firstJsonByte(bytes: Uint8Array): number {
  for (let i = hasByteOrderMark(bytes) ? 3 : 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
  }
  return -1;
}

const hasByteOrderMark = (bytes: Uint8Array): boolean => bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;

/** Sixteen digits in a row may be an integer that a JavaScript number cannot hold. */
const MAY_BE_UNSAFE = /\d{16}/;

/**
 * JSON.parse that returns integers beyond 2^53 as strings of digits; as numbers, two different ids could be rounded to
 * the same value. Throws SyntaxError if the text is no JSON, RangeError if it is nested deeper than the call stack.
 */
export function parseJsonExactly(text: string): unknown {
  return MAY_BE_UNSAFE.test(text) ? JSON.parse(text, keepUnsafeIntegers) : JSON.parse(text);
}

// TypeScript's library does not declare the third argument yet: JSON.parse source text access (ECMAScript 2026).
function keepUnsafeIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? source
    : value;
}
