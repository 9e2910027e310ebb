// Messages of the same failure differ in ids, counts and times. Every character is read a bounded number of times, so
// the cost is linear for any text.

const UUID = [8, 4, 4, 4, 12] as const;

const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
const isLetter = (c: number): boolean => (c | 0x20) >= 0x61 && (c | 0x20) <= 0x7a;
const isHex = (c: number): boolean => isDigit(c) || ((c | 0x20) >= 0x61 && (c | 0x20) <= 0x66);
const isQuote = (c: number): boolean => c === 0x22 || c === 0x27 || c === 0x60;
const isJoiner = (c: number): boolean => c === 0x2e || c === 0x2c || c === 0x3a || c === 0x2d; // . , : -

type Piece = readonly [end: number, mask: string];

/**
 * Replaces the parts of a message that vary: <uuid>, <hex>, <ip>, <n>, and <id> for quoted or random-looking words with
 * digits.
 */
export function maskVolatile(text: string): string {
  let masked = "";
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i);
    const piece = isQuote(c) ? quotedId(text, i) : isDigit(c) || isLetter(c) ? word(text, i) : null;
    masked += piece === null ? text.charAt(i) : piece[1];
    i = piece === null ? i + 1 : piece[0];
  }
  return masked;
}

/** Matches a quoted word of at most 200 characters with a digit; null if there is none. */
function quotedId(text: string, start: number): Piece | null {
  const quote = text.charAt(start);
  let digits = 0;
  for (let i = start + 1; i < text.length && i - start <= 201; i++) {
    const c = text.charCodeAt(i);
    if (text.charAt(i) === quote) return digits > 0 ? [i + 1, `${quote}<id>${quote}`] : null;
    if (c <= 0x20) return null;
    if (isDigit(c)) digits++;
  }
  return null;
}

function word(text: string, start: number): Piece {
  const afterUuid = uuidEnd(text, start);
  if (afterUuid > start) return [afterUuid, "<uuid>"];
  const prefixed = text.charAt(start) === "0" && (text.charCodeAt(start + 1) | 0x20) === 0x78;
  const from = prefixed ? start + 2 : start;
  let end = from;
  let hex = true;
  let digits = 0;
  let changes = 0; // between letters and digits
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (!isDigit(c) && !isLetter(c)) break;
    hex &&= isHex(c);
    if (isDigit(c)) digits++;
    if (end > from && isDigit(c) !== isDigit(text.charCodeAt(end - 1))) changes++;
  }
  const length = end - from;
  if (hex && (prefixed ? length > 0 : length >= 8 && digits > 0 && digits < length)) return [end, "<hex>"];
  if (hex && isIdentityHash(text, start, digits, length)) return [end, "<hex>"];
  if (changes >= 3) return [end, "<id>"];
  if (isDigit(text.charCodeAt(start))) return number(text, start);
  // A word with a number in it, "order1234": keep its letters. There are at most three changes, so no character is read
  // more than three times.
  let letters = start;
  while (letters < end && isLetter(text.charCodeAt(letters))) letters++;
  return [letters, text.slice(start, letters)];
}

/** The hash that the JVM prints for an object without a text, "com.acme.Order@1b2c3d"; not the domain of an address. */
const isIdentityHash = (text: string, start: number, digits: number, length: number): boolean =>
  text.charAt(start - 1) === "@" && length <= 8 && (digits > 0 || length >= 6) && text.charAt(start + length) !== ".";

function uuidEnd(text: string, start: number): number {
  let i = start;
  for (const [part, digits] of UUID.entries()) {
    if (part > 0 && text.charAt(i++) !== "-") return start;
    for (let n = 0; n < digits; n++) if (!isHex(text.charCodeAt(i++))) return start;
  }
  return i;
}

/** Matches digits joined by . , : - as one number, date, time, version or address. */
function number(text: string, start: number): Piece {
  let i = start;
  let dots = 0;
  let others = 0;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isDigit(c)) continue;
    if (!isJoiner(c) || !isDigit(text.charCodeAt(i + 1))) break;
    if (c === 0x2e) dots++;
    else others++;
  }
  // An IPv4 address has three dots, and a port may follow it.
  return [i, dots === 3 && others <= 1 ? "<ip>" : "<n>"];
}
