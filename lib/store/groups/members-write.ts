/** Members of groups and their assigned partitions, as the broker last reported them. In the caller's transaction. */
import type pg from "pg";

export interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly { readonly topic: string; readonly partition: number }[];
}

export interface AssignmentRow {
  readonly groupId: number;
  readonly destinationId: number;
  readonly partition: number;
  readonly memberId: string;
}

/** As the tables keep it: the partitions of each topic. */
export function assignmentJson(assignment: GroupMember["assignment"]): string {
  return JSON.stringify(
    [...Map.groupBy(assignment, (ref) => ref.topic)].map(([topic, refs]) => ({
      topic,
      partitions: refs.map((ref) => ref.partition),
    })),
  );
}

/**
 * The members of these groups as they are now, and who has which partition: what is assigned stands there before
 * its first commit.
 */
export async function writeMembers(
  client: pg.Client,
  members: ReadonlyMap<number, readonly GroupMember[]>,
  assignments: readonly AssignmentRow[],
): Promise<void> {
  const groupIds = [...members.keys()];
  if (groupIds.length === 0) return;
  await client.query("DELETE FROM group_members WHERE group_id = ANY($1)", [groupIds]);
  const rows = [...members].flatMap(([groupId, all]) =>
    [...new Map(all.map((member) => [member.memberId, member])).values()].map((member) => ({ groupId, member })),
  );
  await client.query(
    `
      INSERT INTO group_members (group_id, member_id, client_id, host, assignment, seen_at)
      SELECT *, now()
      FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::jsonb[])`,
    [
      rows.map((r) => r.groupId),
      rows.map((r) => r.member.memberId),
      rows.map((r) => r.member.clientId),
      rows.map((r) => r.member.host),
      rows.map((r) => assignmentJson(r.member.assignment)),
    ],
  );
  // What is assigned and what no longer is, in one pass in the order of the key, as the taps write commits: otherwise
  // the two could wait for each other.
  const { rows: written } = await client.query<{ id: string; made: boolean; member_id: string | null }>(
    `
      WITH assigned AS (
        SELECT DISTINCT ON (1, 2, 3) *
        FROM unnest($2::int[], $3::int[], $4::int[], $5::text[])
          AS u(group_id, destination_id, partition, member_id)
      )
      INSERT INTO group_partitions AS p (group_id, destination_id, partition, member_id)
      SELECT *
      FROM assigned
      UNION ALL
      SELECT p.group_id, p.destination_id, p.partition, NULL
      FROM group_partitions p
      WHERE p.group_id = ANY($1)
        AND p.member_id IS NOT NULL
        AND NOT EXISTS (
          SELECT 1
          FROM assigned t
          WHERE t.group_id = p.group_id AND t.destination_id = p.destination_id AND t.partition = p.partition
        )
      ORDER BY 1, 2, 3
      ON CONFLICT (group_id, destination_id, partition) DO UPDATE
      SET member_id = EXCLUDED.member_id
      WHERE p.member_id IS DISTINCT FROM EXCLUDED.member_id
      RETURNING p.ctid::text AS id, p.xmax = 0 AS made, p.member_id`,
    [
      groupIds,
      assignments.map((r) => r.groupId),
      assignments.map((r) => r.destinationId),
      assignments.map((r) => r.partition),
      assignments.map((r) => r.memberId),
    ],
  );
  // A tap may have removed one meanwhile, with the commit in it.
  const removed = written.filter(({ made, member_id: memberId }) => made && memberId === null);
  if (removed.length > 0)
    await client.query("DELETE FROM group_partitions WHERE ctid = ANY($1::tid[])", [removed.map(({ id }) => id)]);
}
