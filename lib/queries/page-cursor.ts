/** Cursors are opaque to callers; a broken one begins anew rather than failing. */
const DEEPEST = 1_000_000;

/** For lists whose order moves while one reads them: a plain row number. */
export function rowOf(cursor: string | undefined): number {
  const row = Number(cursor === undefined ? 0 : Buffer.from(cursor, "base64url").toString("latin1"));
  return Number.isSafeInteger(row) && row >= 0 && row <= DEEPEST ? row : 0;
}

/** Given one row more than asked for: the page, and where the next begins. */
export function pageFrom<T>(
  rows: readonly T[],
  row: number,
  limit: number,
): { rows: readonly T[]; next: string | null } {
  return rows.length > limit
    ? { rows: rows.slice(0, limit), next: Buffer.from(String(row + limit)).toString("base64url") }
    : { rows, next: null };
}

/** For lists ordered by time: the last one shown. */
export function encodeKey(parts: readonly string[]): string {
  return Buffer.from(parts.join("\n")).toString("base64url");
}

export function decodeKey(cursor: string | undefined, shape: RegExp): readonly string[] | null {
  const match = cursor === undefined ? null : shape.exec(Buffer.from(cursor, "base64url").toString("utf8"));
  return match === null ? null : match.slice(1);
}
