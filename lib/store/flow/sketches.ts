/** Latency sketches of several rollup rows, not merged yet, as one column. */
import { Prisma } from "../prisma/generated/client.ts";

export type Sketches = readonly Uint8Array[];

/**
 * As JSON: the driver parses an array of bytes in Postgres's text format character by character, which takes longer
 * than the rest of a graph.
 */
export const sketches = (which: Prisma.Sql = Prisma.sql`true`): Prisma.Sql =>
  Prisma.sql`json_agg(encode(latency, 'base64')) FILTER (WHERE latency IS NOT NULL AND ${which})`;

export const sketchesOf = (texts: readonly string[] | null): Sketches | null =>
  texts?.map((text) => Buffer.from(text, "base64")) ?? null;
