import { Radio } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { count, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { StatusView } from "#lib/contracts/health.ts";

/** The tap processes with their counters; stopped ones stay for a while. */
export const TapsCard = ({ taps }: { readonly taps: StatusView["taps"] }) => (
  <Card>
    <CardHeader title="Taps">{plural(taps.filter((tap) => tap.alive).length, "tap")} running</CardHeader>
    {taps.length === 0 ? (
      <EmptyState icon={Radio} title="No tap has started yet">
        Start one beside this web process: <code className="font-mono text-xs">npm run tap</code>. Several taps share
        the work automatically.
      </EmptyState>
    ) : (
      <Table>
        <TableHeader>
          <tr>
            <TableHead>Tap</TableHead>
            <TableHead>State</TableHead>
            <TableHead numeric>Received</TableHead>
            <TableHead numeric>Stored</TableHead>
            <TableHead numeric>Duplicates</TableHead>
            <TableHead numeric>Quarantined</TableHead>
            <TableHead numeric>Behind</TableHead>
            <TableHead numeric>Uptime</TableHead>
          </tr>
        </TableHeader>
        <TableBody>
          {taps.slice(0, 100).map((tap) => (
            <TableRow key={tap.id}>
              <TableCell>
                <BrokerText text={tap.host} className="font-medium" maxLength={40} />{" "}
                <span className="text-dim">pid {tap.pid}</span>
              </TableCell>
              <TableCell>
                {tap.alive ? (
                  <Tag tone="ok">RUNNING</Tag>
                ) : (
                  <span className="flex items-center gap-2">
                    <Tag>STOPPED</Tag>
                    <span className="text-dim">
                      last heartbeat <RelativeTime at={tap.heartbeatAt} />
                    </span>
                  </span>
                )}
              </TableCell>
              <TableCell numeric>{count(tap.counters.received)}</TableCell>
              <TableCell numeric>{count(tap.counters.stored)}</TableCell>
              <TableCell numeric className="text-mut">
                {count(tap.counters.duplicates)}
              </TableCell>
              <TableCell numeric className={(tap.counters.quarantined ?? 0) > 0 ? "text-warn" : "text-mut"}>
                {count(tap.counters.quarantined)}
              </TableCell>
              <TableCell numeric>{count(tap.counters.behind)}</TableCell>
              <TableCell numeric className="text-mut">
                <RelativeTime at={tap.startedAt} suffix="" />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    )}
  </Card>
);
