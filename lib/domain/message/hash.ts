// MurmurHash3 x86 128 by Austin Appleby (public domain; github.com/aappleby/smhasher). Implemented here because the
// domain may not import node:crypto, and because a join key needs speed and an even spread, not secrecy.

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

const words = new Uint32Array(4);
const asBigInts = new BigInt64Array(words.buffer);
const scratch = new Uint8Array(512);
const encoder = new TextEncoder();

const rotate = (x: number, by: number): number => (x << by) | (x >>> (32 - by));

function finish(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** The byte at i, or 0 past the end of the input: the last block is padded with zeros. */
const at = (data: Uint8Array, i: number, end: number): number => (i < end ? (data[i] as number) : 0);
const wordAt = (data: Uint8Array, i: number, end: number): number =>
  at(data, i, end) | (at(data, i + 1, end) << 8) | (at(data, i + 2, end) << 16) | (at(data, i + 3, end) << 24);

/** The four 32-bit words of MurmurHash3 x86 128; the array is reused by the next call. */
export function murmur128(data: Uint8Array, length = data.length, seed = 0): Uint32Array {
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  const blocksEnd = length - (length % 16);
  for (let i = 0; i < blocksEnd; i += 16) {
    h1 ^= Math.imul(rotate(Math.imul(wordAt(data, i, length), C1), 15), C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(wordAt(data, i + 4, length), C2), 16), C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(wordAt(data, i + 8, length), C3), 17), C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(wordAt(data, i + 12, length), C4), 18), C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  if (blocksEnd < length) {
    // A word of zeros mixes to zero, so words past the end of the input change nothing.
    h4 ^= Math.imul(rotate(Math.imul(wordAt(data, blocksEnd + 12, length), C4), 18), C1);
    h3 ^= Math.imul(rotate(Math.imul(wordAt(data, blocksEnd + 8, length), C3), 17), C4);
    h2 ^= Math.imul(rotate(Math.imul(wordAt(data, blocksEnd + 4, length), C2), 16), C3);
    h1 ^= Math.imul(rotate(Math.imul(wordAt(data, blocksEnd, length), C1), 15), C2);
  }
  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = finish(h1);
  h2 = finish(h2);
  h3 = finish(h3);
  h4 = finish(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  words[0] = h1;
  words[1] = h2 + h1;
  words[2] = h3 + h1;
  words[3] = h4 + h1;
  return words;
}

function hashText(text: string): Uint32Array {
  if (text.length <= scratch.length) {
    let i = 0;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) break;
      scratch[i] = code;
    }
    if (i === text.length) return murmur128(scratch, i);
  }
  return murmur128(encoder.encode(text));
}

const BYTE_HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const byteHex = (byte: number): string => BYTE_HEX[byte & 0xff] as string;
const hexOf = (word: number): string =>
  byteHex(word >>> 24) + byteHex(word >>> 16) + byteHex(word >>> 8) + byteHex(word);

/** The hash of the text's UTF-8 bytes as 32 lower-case hex digits; the same on every machine. */
export function hash128Hex(text: string): string {
  const hash = hashText(text);
  return hexOf(hash[0] as number) + hexOf(hash[1] as number) + hexOf(hash[2] as number) + hexOf(hash[3] as number);
}

/** The first 64 bits of the text's hash as 16 lower-case hex digits. */
export function hash64Hex(text: string): string {
  const hash = hashText(text);
  return hexOf(hash[0] as number) + hexOf(hash[1] as number);
}

/**
 * The first 64 bits of the text's hash as a signed number, which fits a Postgres bigint. Assumes a little-endian host,
 * as all hosts are that Node runs on.
 */
export function hash64(text: string): bigint {
  hashText(text);
  return asBigInts[0] as bigint;
}
