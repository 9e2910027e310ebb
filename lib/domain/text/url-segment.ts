/**
 * Names as one segment of an address's path, and back. Names are a broker's: empty, `..`, with slashes or whatever else
 * browsers, proxies and frameworks read as something of their own. Such a name is written as `~` and its UTF-8 in
 * base64url, which nobody on the way touches; all others stay readable.
 */
const READABLE = /^[\p{L}\p{N} ._:@+~-]+$/u;
const DOTS = /^\.{1,2}$/;
/** Percent signs triple a letter that is not ASCII. */
const MOST_READABLE_CHARS = 500;

export function urlSegment(name: string): string {
  const whole = name.toWellFormed();
  const readable = encodeURIComponent(whole);
  if (READABLE.test(whole) && !whole.startsWith("~") && !DOTS.test(whole) && readable.length <= MOST_READABLE_CHARS)
    return readable;
  const bytes = Array.from(new TextEncoder().encode(whole), (byte) => String.fromCharCode(byte));
  return `~${btoa(bytes.join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** Takes any name that is encoded for an address, not only by `urlSegment`. */
export function fromUrlSegment(segment: string): string {
  const text = percentDecoded(segment);
  if (!/^~[\w-]*$/.test(text)) return text;
  try {
    const bytes = Uint8Array.from(atob(text.slice(1).replaceAll("-", "+").replaceAll("_", "/")), (byte) =>
      byte.charCodeAt(0),
    );
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return text; // a name that begins with a tilde, written by hand
  }
}

function percentDecoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // no valid encoding: used as it is
  }
}
