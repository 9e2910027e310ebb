/** Header names as strings. Producers send the same few names with every record, so each is decoded once. */

const SLOTS = 4096;
const MAX_KEPT_BYTES = 100;

interface Kept {
  readonly bytes: Uint8Array;
  readonly name: string;
}

/** Bounded: a slot keeps the last name that fell into it. */
export class HeaderNames {
  readonly #slots = new Array<Kept | undefined>(SLOTS);

  /** The text of these bytes. */
  read(source: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > MAX_KEPT_BYTES) return source.toString("utf8", start, end);
    // FNV-1a
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ (source[i] as number), 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const kept = this.#slots[slot];
    if (kept !== undefined && kept.bytes.length === length && isSame(kept.bytes, source, start)) return kept.name;
    const name = source.toString("utf8", start, end);
    this.#slots[slot] = { bytes: Uint8Array.prototype.slice.call(source, start, end), name };
    return name;
  }
}

function isSame(bytes: Uint8Array, source: Buffer, start: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (bytes[i] !== source[start + i]) return false;
  return true;
}
