import { UserX } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count, plural } from "#components/ui/format.ts";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { GroupView, MemberRow } from "#lib/contracts/groups.ts";

/** 0, 1, 2, 5 → "0–2, 5" */
function ranges(numbers: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const n of numbers.toSorted((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last !== undefined && n === last[1] + 1) last[1] = n;
    else parts.push([n, n]);
  }
  return parts.map(([from, to]) => (from === to ? String(from) : `${from}–${to}`)).join(", ");
}

export function Members({ view }: { readonly view: GroupView }) {
  return (
    <Card>
      <CardHeader title="Members">
        {view.coordinator !== null && (
          <>
            coordinator <BrokerText mono text={view.coordinator} maxLength={60} />
          </>
        )}
      </CardHeader>
      {view.members.length === 0 ? (
        <EmptyState icon={UserX} title="No member is connected">
          The group is empty. Start a consumer with this group ID; until then its events wait, and its offsets can be
          reset under Replay.
        </EmptyState>
      ) : (
        <Table>
          <TableHeader>
            <tr>
              <TableHead>Client</TableHead>
              <TableHead>Host</TableHead>
              <TableHead numeric>Partitions</TableHead>
              <TableHead>Assigned</TableHead>
              <TableHead numeric>Lag</TableHead>
              <TableHead>Member ID</TableHead>
            </tr>
          </TableHeader>
          <TableBody>
            {view.members.slice(0, 500).map((member) => (
              <Member key={member.memberId} member={member} view={view} />
            ))}
          </TableBody>
        </Table>
      )}
      {view.members.length > 500 && (
        <p className="px-3.5 py-2 text-dim">The first 500 of {plural(view.members.length, "member")}.</p>
      )}
    </Card>
  );
}

function Member({ member, view }: { readonly member: MemberRow; readonly view: GroupView }) {
  const owned = new Set(
    member.partitions.flatMap((one) => one.partitions.map((partition) => `${one.topic}/${partition}`)),
  );
  const lag = view.partitions.reduce(
    (sum, one) => (owned.has(`${one.topic}/${one.partition}`) ? sum + BigInt(one.lagMessages ?? 0) : sum),
    0n,
  );
  return (
    <TableRow>
      <TableCell>
        <BrokerText text={member.clientId} className="font-medium" maxLength={48} />
      </TableCell>
      <TableCell className="text-mut">
        <BrokerText mono text={member.host} maxLength={48} />
      </TableCell>
      <TableCell numeric>{count(owned.size)}</TableCell>
      <TableCell className="max-w-80 truncate text-mut">
        {member.partitions.slice(0, 6).map((one, i) => (
          <span key={one.topic}>
            {i > 0 && " · "}
            <BrokerText text={one.topic} maxLength={40} />[{ranges(one.partitions)}]
          </span>
        ))}
        {member.partitions.length > 6 && ` and ${member.partitions.length - 6} topics more`}
      </TableCell>
      <TableCell numeric>{count(lag)}</TableCell>
      <TableCell className="text-dim">
        <BrokerText mono text={member.memberId} maxLength={36} />
      </TableCell>
    </TableRow>
  );
}
