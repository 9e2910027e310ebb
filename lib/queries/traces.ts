import type { TracesQuery, TracesView } from "#lib/contracts/traces.ts";
import { ok } from "#lib/domain/result.ts";
import { traceIdOf } from "#lib/store/db/identifiers.ts";
import { readTraces } from "#lib/store/events/traces-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { decodeKey, encodeKey } from "./page-cursor.ts";

/** The default length of the time range. */
const DEFAULT_BACK_MS = 24 * 3_600_000;

/** Traces, the newest first. `service`, `topic` and `type` match if any event of the trace has them. */
export async function listTraces(deps: QueryDeps, query: TracesQuery): Answer<TracesView> {
  const to = query.to === undefined ? new Date(deps.now()) : new Date(query.to);
  const from = query.from === undefined ? new Date(to.getTime() - DEFAULT_BACK_MS) : new Date(query.from);
  const after = decodeKey(query.cursor, /^(\d{1,15})\n([0-9a-f-]{36})$/);
  const rows = await readTraces(
    deps.prisma,
    {
      service: query.service,
      topic: query.topic,
      type: query.type,
      errorsOnly: query.errors === "only",
      minDurationMs: query.minDurationMs,
      from,
      to,
      after: after === null ? null : { lastAt: new Date(Number(after[0])), traceUuid: after[1] ?? "" },
    },
    query.limit + 1,
  );
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return ok({
    items: page.map((row) => ({
      ...row,
      traceId: traceIdOf(row.traceId),
      firstAt: row.firstAt.toISOString(),
      lastAt: row.lastAt.toISOString(),
      durationMs: row.lastAt.getTime() - row.firstAt.getTime(),
      services: [...(row.services ?? [])],
      topics: [...(row.topics ?? [])],
    })),
    next: last === undefined ? null : encodeKey([String(last.lastAt.getTime()), last.traceId]),
    total: null,
  });
}
