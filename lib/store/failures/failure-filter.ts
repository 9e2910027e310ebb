/** Which failures a list shows, as SQL: `f` is a row of failures, `a` one of aged_failures. */
import type { FailuresQuery } from "#lib/contracts/failures.ts";
import { ERROR_EVENT_FORMAT } from "#lib/domain/failure/error-event.ts";
import { Prisma } from "../prisma/generated/client.ts";

export type FailureFilter = Pick<
  FailuresQuery,
  "cluster" | "group" | "topic" | "service" | "status" | "state" | "kind" | "newSinceDeploy" | "q"
> & {
  readonly from: Date;
  readonly to: Date;
  /** fingerprints that are snoozed now */
  readonly snoozed: readonly string[];
};

/** `topic` is where the event failed, or where its dead letter lies. */
export function whereFailures(filter: FailureFilter): Prisma.Sql {
  const parts = [Prisma.sql`f.failed_at >= ${filter.from}`, Prisma.sql`f.failed_at <= ${filter.to}`];
  if (filter.cluster !== undefined)
    parts.push(Prisma.sql`f.cluster_id = (SELECT id FROM clusters WHERE name = ${filter.cluster})`);
  if (filter.group !== undefined) parts.push(Prisma.sql`f.group_name = ${filter.group}`);
  if (filter.topic !== undefined)
    parts.push(
      Prisma.sql`
        (
          f.original_destination = ${filter.topic}
          OR f.destination_id IN (SELECT id FROM destinations WHERE name = ${filter.topic})
        )`,
    );
  if (filter.service !== undefined)
    parts.push(Prisma.sql`f.service_id = (SELECT id FROM services WHERE name = ${filter.service})`);
  if (filter.status !== undefined) parts.push(Prisma.sql`f.status = ${filter.status}`);
  if (filter.kind !== undefined) parts.push(isOfKind(Prisma.sql`f.format`, filter.kind));
  if (filter.q !== undefined) {
    parts.push(
      Prisma.sql`
        strpos(
          lower(
            concat_ws(
              ' ', f.title, f.message, f.root_cause_class, f.exception_class, f.group_name,
              f.original_destination, f.key
            )
          ),
          lower(${filter.q})
        ) > 0`,
    );
  }
  return Prisma.join(parts, " AND ");
}

const isOfKind = (format: Prisma.Sql, kind: NonNullable<FailureFilter["kind"]>): Prisma.Sql =>
  kind === "error_event"
    ? Prisma.sql`${format} = ${ERROR_EVENT_FORMAT}`
    : Prisma.sql`${format} <> ${ERROR_EVENT_FORMAT}`;

/** The same for aged failures, which are only counted; their cluster and service are not known. */
export function whereAged(filter: FailureFilter): Prisma.Sql {
  if (
    filter.cluster !== undefined ||
    filter.service !== undefined ||
    (filter.status !== undefined && filter.status !== "open")
  )
    return Prisma.sql`false`;
  const parts = [Prisma.sql`a.last_at >= ${filter.from}`, Prisma.sql`a.first_at <= ${filter.to}`];
  if (filter.status !== undefined) parts.push(Prisma.sql`a.open > 0`);
  if (filter.kind !== undefined) parts.push(isOfKind(Prisma.sql`a.format`, filter.kind));
  if (filter.group !== undefined) parts.push(Prisma.sql`${filter.group} = ANY(a.groups)`);
  if (filter.topic !== undefined) parts.push(Prisma.sql`${filter.topic} = ANY(a.topics)`);
  if (filter.q !== undefined)
    parts.push(
      Prisma.sql`
        strpos(
          lower(concat_ws(' ', a.title, a.message, a.root_cause_class, array_to_string(a.groups || a.topics, ' '))),
          lower(${filter.q})
        ) > 0`,
    );
  return Prisma.join(parts, " AND ");
}
