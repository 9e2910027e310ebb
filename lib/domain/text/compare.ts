/** Compares for sorting: -1, 0 or 1. Text is compared by code units, independent of the locale. */
export function compare<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
