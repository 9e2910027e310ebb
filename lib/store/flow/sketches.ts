/** Latency sketches of several rollup rows, not merged yet, as one column. */
import { Prisma } from "../prisma/generated/client.ts";

export type Sketches = readonly Uint8Array[];

/**
 * As JSON: an array of bytes in Postgres's own text is read letter by letter, which took longer than all
 * else of a graph.
 */
export const sketches = (which: Prisma.Sql = Prisma.sql`true`): Prisma.Sql =>
  Prisma.sql`json_agg(encode(latency, 'base64')) FILTER (WHERE latency IS NOT NULL AND ${which})`;

export const sketchesOf = (texts: readonly string[] | null): Sketches | null =>
  texts?.map((text) => Buffer.from(text, "base64")) ?? null;
