import type { EventRow, EventsQuery, EventsView } from "#lib/contracts/events.ts";
import { err, ok } from "#lib/domain/result.ts";
import { eventRow } from "#lib/store/events/recent-read.ts";
import { readEventsOf, readFlushes, readTappedPartitions } from "#lib/store/events/events-read.ts";
import { destinationId } from "#lib/store/search/ids-of-names.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { decodeKey, encodeKey } from "./page-cursor.ts";

const END = 2n ** 63n - 1n;
/** A page of quiet partitions may need several looks; beyond this it is handed out as it is, with a cursor. */
const MAX_READS = 200;

/**
 * Exactly what was indexed of a topic, in order of partition and offset: every event once, none left out,
 * whatever the page size.
 */
export async function exportEvents(deps: QueryDeps, query: EventsQuery): Answer<EventsView> {
  const destination = await destinationId(deps.prisma, query.cluster, query.topic);
  if (destination === null) return err(notFound(`The topic ${query.topic}`));
  const first = BigInt(query.from ?? 0);
  const to = query.to === undefined ? END : BigInt(query.to);
  if (first < 0n || to > END || first > END)
    return err({ code: "invalid_input", message: "Offsets lie between 0 and 2^63 - 1." });
  const cursor = decodeKey(query.cursor, /^(\d{1,9})\n(\d{1,19})$/);
  const all = query.partition === undefined ? await readTappedPartitions(deps.prisma, destination) : [query.partition];
  const partitions = cursor === null ? all : all.filter((partition) => partition >= Number(cursor[0]));

  const items: EventRow[] = [];
  let reads = 0;
  for (const partition of partitions) {
    let position = cursor !== null && partition === Number(cursor[0]) ? BigInt(cursor[1] ?? 0) : first;
    while (position < to) {
      const wanted = query.limit - items.length;
      if (wanted <= 0 || reads >= MAX_READS)
        return ok({ items, next: encodeKey([String(partition), String(position)]) });
      reads += 1;
      const flushes = await readFlushes(deps.prisma, destination, partition, position, to, wanted);
      const last = flushes.at(-1);
      if (last === undefined) break;
      const rows = await readEventsOf(
        deps.prisma,
        destination,
        partition,
        position,
        to,
        flushes.map((flush) => flush.at),
        wanted,
      );
      for (const row of rows) items.push(eventRow(row));
      // A full page ends at its last row; otherwise these flushes are used up.
      position = ((rows.length === wanted ? rows.at(-1)?.position : undefined) ?? last.lastPosition) + 1n;
    }
  }
  return ok({ items, next: null });
}
