import { cleanText, cutText, decodeBounded, hexOf, isPrintable, unquote } from "../text/text.ts";

/** Record headers as the broker holds them: ordered, duplicates kept, values any bytes. */
export type Headers = ReadonlyArray<readonly [name: string, value: Uint8Array | null]>;

/** An id longer than this many bytes is not taken for one: cut ids would join what does not belong together. */
export const maxIdBytes = 512;
const maxNameChars = 200;

/** Lower-case names of headers that a reader looks for, each with its bits. */
type HeaderMarkers = ReadonlyMap<string, number>;

interface KnownName {
  readonly lower: string;
  readonly bits: number;
}
const ABSENT = -1;

/**
 * Makes indexes of records' headers. Producers send the same few names with every record, so what is known of a name is
 * remembered (bounded: hostile producers send new ones).
 */
export class HeaderIndexer {
  readonly #markers: HeaderMarkers;
  readonly #known = new Map<string, KnownName>();

  constructor(markers: HeaderMarkers) {
    this.#markers = markers;
  }

  index(headers: Headers): HeaderIndex {
    const names = new Array<string>(headers.length);
    let marks = 0;
    for (let i = 0; i < headers.length; i++) {
      const name = (headers[i] as Headers[number])[0];
      const known = this.#known.get(name) ?? this.#learn(name);
      names[i] = known.lower;
      marks |= known.bits;
    }
    return new HeaderIndex(headers, names, marks);
  }

  #learn(name: string): KnownName {
    const lower = name.toLowerCase();
    const known = { lower, bits: this.#markers.get(lower) ?? 0 };
    if (name.length > 100) return known;
    if (this.#known.size >= 10_000) this.#known.clear();
    this.#known.set(name, known);
    return known;
  }
}

/**
 * One record's headers by lower-case name. `marks` is the union of the bits of the names that are there, so a reader
 * need not look for what cannot be.
 */
export class HeaderIndex {
  readonly marks: number;
  readonly #headers: Headers;
  readonly #names: readonly string[];

  constructor(headers: Headers, names: readonly string[], marks: number) {
    this.marks = marks;
    this.#headers = headers;
    this.#names = names;
  }

  /** Whether a header of this lower-case name is there, be it empty. */
  has(name: string): boolean {
    return this.#names.includes(name);
  }

  /** The last value of a lower-case name: where headers are appended, the newest hop. */
  last(name: string): Uint8Array | null {
    return this.#valueAt(this.#lastAt(name));
  }

  /** The first value of a lower-case name: where headers are appended, the true origin. */
  first(name: string): Uint8Array | null {
    return this.#valueAt(this.#names.indexOf(name));
  }

  /** Every value of a lower-case name, in order. */
  all(name: string): readonly (Uint8Array | null)[] {
    const values: (Uint8Array | null)[] = [];
    for (let i = this.#names.indexOf(name); i !== ABSENT; i = this.#names.indexOf(name, i + 1))
      values.push(this.#valueAt(i));
    return values;
  }

  /** The place of the latest header among these lower-case names, counted from 0; -1 when none is there. */
  latestOf(names: readonly string[]): number {
    return names.reduce((latest, name) => Math.max(latest, this.#lastAt(name)), ABSENT);
  }

  // Array.lastIndexOf is ten times slower on strings.
  #lastAt(name: string): number {
    const names = this.#names;
    for (let i = names.length - 1; i >= 0; i--) if (names[i] === name) return i;
    return ABSENT;
  }

  #valueAt(i: number): Uint8Array | null {
    return i === ABSENT ? null : (this.#headers[i] as Headers[number])[1];
  }

  /** The last value as one readable line of at most maxBytes, unquoted; null when absent, empty or not readable. */
  text(name: string, maxBytes: number): string | null {
    return lineOf(this.last(name), maxBytes);
  }

  /**
   * The last value as a name (an event type, a service): trimmed, at most 200 characters; null when nothing
   * readable is left.
   */
  name(name: string): string | null {
    const text = this.text(name, maxNameChars * 4)?.trim();
    return text === undefined || text === "" ? null : cutText(text, maxNameChars);
  }

  /**
   * The last value as an id: printable text, or the hex of a binary one; null when absent, empty or longer than an id.
   */
  id(name: string): string | null {
    return idOf(this.last(name));
  }
}

/** A header value as bounded text of any number of lines, unquoted; null when absent or empty. */
export function textOf(value: Uint8Array | null | undefined, maxBytes: number): string | null {
  if (value === null || value === undefined || value.length === 0) return null;
  return cleanText(unquote(decodeBounded(value, maxBytes))) || null;
}

/** A header value as one readable line, unquoted; null when absent, empty or not readable. */
export function lineOf(value: Uint8Array | null | undefined, maxBytes: number): string | null {
  if (value === null || value === undefined || value.length === 0) return null;
  const text = unquote(decodeBounded(value, maxBytes));
  return text !== "" && isPrintable(text) ? text : null;
}

/** A text as a name: trimmed, at most 200 characters; null when nothing readable is left. */
export function nameOf(text: string | null): string | null {
  if (text === null) return null;
  const name = cutText(text.trim(), maxNameChars);
  return name !== "" && isPrintable(name) ? name : null;
}

/**
 * A header value as an id: printable text, or hex for a binary one (Spring's default correlation id is 16 raw bytes).
 */
function idOf(value: Uint8Array | null | undefined): string | null {
  if (value === null || value === undefined || value.length === 0 || value.length > maxIdBytes) return null;
  const text = unquote(decodeBounded(value, maxIdBytes)).trim();
  if (isPrintable(text)) return text || null;
  return value.length <= 64 ? hexOf(value, 64) : null;
}
