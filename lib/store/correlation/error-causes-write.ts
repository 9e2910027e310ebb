/** What is concluded of events that tell of an error. */
import type pg from "pg";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import type { CorrelatedEvent } from "./events-read.ts";

/** The event whose consumption failed, and the group that consumed it; null: not known. */
export interface ErrorCause {
  readonly event: CorrelatedEvent;
  readonly cause: CorrelatedEvent;
  readonly groupId: number | null;
}

/**
 * Inside the caller's transaction. From now on the failures of `found` know what failed, and where; those of `mistaken`
 * know no more, unless they are among the found.
 */
export async function writeErrorCauses(
  client: pg.Client,
  { found, mistaken }: { readonly found: readonly ErrorCause[]; readonly mistaken: readonly ErrorCause[] },
): Promise<void> {
  const causeOf = new Map<string, Omit<ErrorCause, "cause"> & { readonly cause: CorrelatedEvent | null }>(
    mistaken.map((error) => [error.event.id, { event: error.event, cause: null, groupId: null }]),
  );
  for (const error of found) causeOf.set(error.event.id, error);
  if (causeOf.size === 0) return;
  const errors = [...causeOf.values()];
  const of = <T>(what: (error: (typeof errors)[number]) => T): T[] => errors.map(what);
  await client.query(
    `
      UPDATE failures f
      SET group_name = g.name,
        original_destination = d.name,
        original_destination_id = d.id,
        original_partition = u.from_partition,
        original_position = u.from_position,
        original_at = u.from_at
      FROM unnest(
        $1::int[], $2::int[], $3::bigint[], $4::int[], $5::int[], $6::bigint[], $7::timestamptz[], $8::int[]
      ) AS u(
        destination_id, partition, position, from_destination_id, from_partition, from_position, from_at,
        group_id
      )
      LEFT JOIN destinations d ON d.id = u.from_destination_id
      LEFT JOIN consumer_groups g ON g.id = u.group_id
      WHERE f.destination_id = u.destination_id
        AND f.partition = u.partition
        AND f.position = u.position
        AND f.format = $9`,
    [
      of(({ event }) => event.destinationId),
      of(({ event }) => event.partition),
      of(({ event }) => event.position),
      of(({ cause }) => cause?.destinationId ?? null),
      of(({ cause }) => cause?.partition ?? null),
      of(({ cause }) => cause?.position ?? null),
      of(({ cause }) => cause && new Date(cause.occurredAtMs)),
      of(({ groupId }) => groupId),
      ERROR_EVENT_FORMAT,
    ],
  );
  await client.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "failures" })]);
}
