/** Columns that hold one word of a list: the database, the code and prisma/schema.prisma know the same words. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { startMigratedPostgres, type MigratedPostgres } from "#e2e/stack/migrated.ts";
import { COLUMN_WORDS, type ColumnName } from "./columns.ts";

const COLUMNS = Object.keys(COLUMN_WORDS) as ColumnName[];
const sorted = (words: readonly string[]) => [...words].sort();

let postgres: MigratedPostgres;
before(async () => {
  postgres = await startMigratedPostgres();
});
after(() => postgres.stop());

/** The words of every CHECK `<table>_<column>_check`, by `table.column`. */
async function readChecks(): Promise<Map<string, string[]>> {
  const { rows } = await postgres.client.query<{ column: string; name: string; expected: string; definition: string }>(`
    SELECT r.relname || '.' || a.attname AS column, c.conname AS name,
      r.relname || '_' || a.attname || '_check' AS expected, pg_get_constraintdef(c.oid) AS definition
    FROM pg_constraint c
    JOIN pg_class r ON r.oid = c.conrelid
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'c' AND r.relnamespace = 'public'::regnamespace AND cardinality(c.conkey) = 1`);
  for (const { name, expected } of rows) assert.equal(name, expected);
  return new Map(
    rows.map(({ column, definition }) => [
      column,
      [...definition.matchAll(/'((?:[^']|'')*)'::text/g)].map(([, word]) => word ?? ""),
    ]),
  );
}

describe("columns of listed words", () => {
  it("have one CHECK each, with the code's words", async () => {
    const checks = await readChecks();
    assert.deepEqual(sorted([...checks.keys()]), sorted(COLUMNS));
    for (const column of COLUMNS) assert.deepEqual(sorted(checks.get(column) ?? []), sorted(COLUMN_WORDS[column]));
  });

  it("take each of their words and refuse any other", async () => {
    const { client } = postgres;
    for (const column of COLUMNS) {
      const [table, name] = column.split(".");
      // A table of the same checks and nothing else, so that a row needs no other column.
      await client.query(`
        CREATE TEMPORARY TABLE probe (LIKE ${table} INCLUDING CONSTRAINTS);
        DO $$
        DECLARE other text;
        BEGIN
          FOR other IN SELECT attname FROM pg_attribute WHERE attrelid = 'probe'::regclass AND attnum > 0 AND attnotnull
          LOOP
            EXECUTE format('ALTER TABLE probe ALTER COLUMN %I DROP NOT NULL', other);
          END LOOP;
        END $$`);
      for (const word of COLUMN_WORDS[column]) await client.query(`INSERT INTO probe (${name}) VALUES ($1)`, [word]);
      await assert.rejects(client.query(`INSERT INTO probe (${name}) VALUES ('another')`), {
        constraint: `${table}_${name}_check`,
      });
      await client.query("DROP TABLE probe");
    }
  });

  it("include every text column that the schema documents as `a | b | c`, with the same words", () => {
    const documented = documentedWords(readFileSync("prisma/schema.prisma", "utf8"));
    assert.ok(documented.size > 20, `${documented.size} lists found`);
    const known = new Map<string, readonly string[]>(Object.entries(COLUMN_WORDS));
    for (const [column, words] of documented) assert.deepEqual(sorted(words), sorted(known.get(column) ?? []), column);
  });
});

/** The lists in the comments of text columns: before the column, or behind it. */
function documentedWords(schema: string): Map<string, string[]> {
  const documented = new Map<string, string[]>();
  for (const [, body = ""] of schema.matchAll(/^model \w+ \{\n(.*?)^\}/gms)) {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? "";
    let above = "";
    for (const line of body.split("\n")) {
      const comment = /\/\/+ (.*)$/.exec(line)?.[1] ?? "";
      const field = /^\s+(\w+)\s+String\??(?=\s|$)/.exec(line)?.[1];
      if (field === undefined) {
        above = comment;
        continue;
      }
      const column = /@map\("(\w+)"\)/.exec(line)?.[1] ?? field;
      const words = wordsIn(`${above} ${comment}`);
      if (words.length > 0) documented.set(`${table}.${column}`, words);
      above = "";
    }
  }
  return documented;
}

/** `ok | warning (why) | stopped` → the words. */
function wordsIn(comment: string): string[] {
  const list = /(?:^|[\s:])(\w+(?: \([^)]*\))?(?: \| \w+(?: \([^)]*\))?)+)/.exec(comment)?.[1];
  return list === undefined ? [] : list.replaceAll(/ \([^)]*\)/g, "").split(" | ");
}
