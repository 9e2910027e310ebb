/** Below, the same or above, for sorting: text by its code units, whatever the language. */
export function compare<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
