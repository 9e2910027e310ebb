/** Statements over tens of thousands of rows, a bounded number at a time. */

/** A statement with all of tens of thousands of rows would be built whole, here and in the database. */
const ROWS_PER_WRITE = 12_500;

export async function inChunks<T>(rows: readonly T[], write: (chunk: readonly T[]) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_PER_WRITE) await write(rows.slice(from, from + ROWS_PER_WRITE));
}
