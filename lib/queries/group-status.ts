import type { GroupRow, MemberRow, PartitionRow } from "#lib/contracts/groups.ts";

/** Where a group stands at a moment, before what is shown around it. */
export interface GroupSnapshot {
  readonly row: GroupRow;
  readonly coordinator: string | null;
  readonly generation: number | null;
  readonly partitions: readonly (Omit<PartitionRow, "heat"> & { readonly destinationId: number })[];
  readonly members: MemberRow[];
  readonly missing: string | null;
}

/** Assignments are written by the inspector as [{topic, partitions}]. */
export function memberRow({
  memberId,
  clientId,
  host,
  assignment,
}: {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: unknown;
}): MemberRow {
  const partitions = Array.isArray(assignment)
    ? (assignment as MemberRow["partitions"]).filter(
        (part) => typeof part.topic === "string" && Array.isArray(part.partitions),
      )
    : [];
  return { memberId, clientId, host, partitions };
}
