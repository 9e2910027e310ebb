/** Lines of RFC 4180 that a spreadsheet may open: no text of a stranger's is taken for a formula. */

const FORMULA = /^[=+\-@\t\r]/;

/**
 * One line, with its end. A number stands as it is; a text that a spreadsheet would compute gets an
 * apostrophe before it.
 */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cellOf).join(",")}\r\n`;

function cellOf(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
