import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count, durationMs } from "#components/ui/format.ts";
import { VerdictTag } from "#components/ui/state-tag.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { pages } from "#lib/client/routes.ts";
import type { TopicView } from "#lib/contracts/topics.ts";

/** The groups that have committed offsets of a topic, with their lag there. */
export const TopicGroups = ({ view: { groups, row } }: { readonly view: TopicView }) => (
  <Card>
    <CardHeader title="Consumer groups">{groups.length > 0 && count(groups.length)}</CardHeader>
    {groups.length === 0 ? (
      <EmptyState title="No consumer groups">
        No group has committed an offset of this topic. Start a consumer that commits; a group is listed with its first
        commit.
      </EmptyState>
    ) : (
      <Table>
        <TableHeader>
          <tr>
            <TableHead>Group</TableHead>
            <TableHead>Verdict</TableHead>
            <TableHead numeric>Lag</TableHead>
            <TableHead numeric>Time lag</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {groups.slice(0, 200).map((one) => (
            <TableRow key={one.group} className="relative">
              <TableCell>
                <Link
                  href={pages.group(row.cluster, one.group)}
                  className="font-medium after:absolute after:inset-0 hover:underline"
                >
                  <BrokerText text={one.group} maxLength={40} />
                </Link>
              </TableCell>
              <TableCell>
                <VerdictTag verdict={one.verdict} />
              </TableCell>
              <TableCell numeric>{count(one.lagMessages)}</TableCell>
              <TableCell numeric>{durationMs(one.timeLagMs)}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    )}
  </Card>
);
