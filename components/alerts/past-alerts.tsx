import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { durationMs } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import type { AlertRow } from "#lib/contracts/alerts.ts";
import { pageOf, subjectOf } from "./alert-badges.ts";

/** Alerts that have fired and are resolved. */
export const PastAlerts = ({ alerts }: { readonly alerts: readonly AlertRow[] }) => (
  <Card aria-label="Resolved alerts">
    <CardHeader title="Resolved alerts">latest first</CardHeader>
    {alerts.length === 0 ? (
      <p className="border-t px-3.5 py-3 text-mut">No resolved alerts yet.</p>
    ) : (
      <Table>
        <TableHeader>
          <tr>
            <TableHead>Subject</TableHead>
            <TableHead>Alert</TableHead>
            <TableHead className="hidden md:table-cell">Rule</TableHead>
            <TableHead numeric>Duration</TableHead>
            <TableHead numeric>Resolved</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {alerts.map((alert) => (
            <TableRow key={alert.id}>
              <TableCell>
                <Link className="font-medium hover:underline" href={pageOf(alert, alert.firedAt ?? alert.pendingAt)}>
                  <BrokerText text={subjectOf(alert)} maxLength={40} />
                </Link>
              </TableCell>
              <TableCell className="w-full max-w-0 min-w-32 truncate text-mut" title={alert.sentence}>
                <bdi>{alert.title}</bdi>
              </TableCell>
              <TableCell className="hidden text-mut md:table-cell">{alert.rule}</TableCell>
              <TableCell numeric>
                {alert.firedAt === null || alert.clearedAt === null
                  ? "–"
                  : durationMs(Date.parse(alert.clearedAt) - Date.parse(alert.firedAt))}
              </TableCell>
              <TableCell numeric className="text-mut">
                {alert.resolvedAt === null ? "–" : <RelativeTime at={alert.resolvedAt} />}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    )}
  </Card>
);
