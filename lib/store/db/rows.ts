/**
 * Reads columns, whichever driver hands over the row: Prisma (bigint and Date) or pg (64-bit numbers as text, times as
 * epoch milliseconds, see epochMs).
 */
import { COLUMN_WORDS, type ColumnName, type WordOf } from "./columns.ts";

const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(COLUMN_WORDS).map(([column, words]) => [column, new Set<string>(words)]),
);

/** A column holds a word that this version does not know: another version of Flowtap wrote it. */
export class UnknownWord extends Error {
  constructor(column: string, word: unknown) {
    super(`${column} holds ${JSON.stringify(word)}, which this version of Flowtap does not know`);
  }
}

/** The value of a column that holds one word of a list, or null. Throws UnknownWord for any other value. */
export function wordOf<C extends ColumnName>(column: C, value: string): WordOf<C>;
export function wordOf<C extends ColumnName>(column: C, value: string | null): WordOf<C> | null;
export function wordOf<C extends ColumnName>(column: C, value: string | null): WordOf<C> | null {
  if (value === null) return null;
  if (KNOWN.get(column)?.has(value) !== true) throw new UnknownWord(column, value);
  return value as WordOf<C>;
}

/** The column each property is read from; its words must fit the property's type. */
export type WordColumns<Row> = {
  readonly [Property in keyof Row]?: {
    [C in ColumnName]: WordOf<C> extends Row[Property] ? C : never;
  }[ColumnName];
};

/** The same rows, whose properties were read from these columns. Throws UnknownWord; null is let through. */
export function checkWords<Row extends object>(rows: Row[], columns: WordColumns<Row>): Row[] {
  for (const [property, column] of Object.entries(columns) as [keyof Row, ColumnName][]) {
    const words = KNOWN.get(column);
    for (const row of rows) {
      const value = row[property];
      if (value !== null && !(typeof value === "string" && words?.has(value) === true))
        throw new UnknownWord(column, value);
    }
  }
  return rows;
}

/** A 64-bit number as pg hands it over. */
export function bigintOf(text: string): bigint;
export function bigintOf(text: string | null): bigint | null;
export function bigintOf(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}

/** A 64-bit number of either driver that is known to be below 2^53, as durations and counts are. */
export function numberOf(value: string | bigint): number;
export function numberOf(value: string | bigint | null): number | null;
export function numberOf(value: string | bigint | null): number | null {
  return value === null ? null : Number(value);
}

/** SQL: a timestamptz as epoch milliseconds. A number is cheaper to hand over than a time, and has no time zone. */
export const epochMs = (column: string): string => `round(extract(epoch FROM ${column}) * 1000)::float8`;
