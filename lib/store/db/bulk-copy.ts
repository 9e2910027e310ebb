import { once } from "node:events";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { EVENT_COLUMNS } from "./bulk-rows.ts";

const COPY_EVENTS = `COPY events (${EVENT_COLUMNS.join(", ")}) FROM STDIN (FORMAT binary)`;

/** Sends finished EventRows inside the caller's transaction. */
export async function copyEvents(client: pg.PoolClient, message: Buffer): Promise<void> {
  const stream = client.query(copyFrom(COPY_EVENTS));
  const finished = once(stream, "finish");
  stream.end(message);
  await finished;
}
