/** Sixteen digits in a row may be an integer that a JavaScript number cannot hold. */
const MAY_BE_UNSAFE = /\d{16}/;

/**
 * JSON.parse that keeps integers beyond 2^53 as their digits (a string) instead of rounding two different ids to the
 * same number. Throws SyntaxError for what is no JSON, RangeError for nesting deeper than the stack.
 */
export function parseJsonExactly(text: string): unknown {
  return MAY_BE_UNSAFE.test(text) ? JSON.parse(text, keepUnsafeIntegers) : JSON.parse(text);
}

// The third argument is JSON.parse source text access (ECMAScript 2026), which TypeScript's library does
// not describe yet.
function keepUnsafeIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? source
    : value;
}
