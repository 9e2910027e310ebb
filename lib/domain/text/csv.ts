/** CSV (RFC 4180) that is safe to open in a spreadsheet: no text of a producer can act as a formula. */

const FORMULA = /^[=+\-@\t\r]/;

/** One line with its line end. A text that a spreadsheet would take for a formula is prefixed with an apostrophe. */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cellOf).join(",")}\r\n`;

function cellOf(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
