import type pg from "pg";
import type { PublisherRule } from "#lib/domain/publisher/rules.ts";
import { wordOf } from "../db/rows.ts";

/** The publishers that people took over, for the taps. */
export async function readPublisherRules(client: pg.Client | pg.Pool): Promise<PublisherRule[]> {
  const { rows } = await client.query<{ kind: string; name: string; service: string }>(
    "SELECT kind, name, service FROM publisher_rules ORDER BY kind, name",
  );
  return rows.map(({ kind, name, service }) => ({ kind: wordOf("publisher_rules.kind", kind), name, service }));
}
