import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardHeader, StatCard } from "#components/ui/card.tsx";
import { count } from "#components/ui/format.ts";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { pages } from "#lib/client/routes.ts";
import type { OffsetResetPreview } from "#lib/contracts/replay-preview.ts";
import { Cli } from "./cli.tsx";
import { Connected, ConnectedNow } from "./connected.tsx";

const MOST_ROWS = 500;

/** Where each partition stands and where it goes, and what that means for the group. */
export function ResetPreview({ preview }: { readonly preview: OffsetResetPreview }) {
  const moved = preview.partitions.filter((one) => one.from !== one.to).length;
  return (
    <>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <ConnectedNow of={preview} />
        <StatCard
          label="Offsets moved"
          value={`${count(moved)} of ${count(preview.partitions.length)}`}
          context="partitions"
        />
        <StatCard
          label="Seen again"
          value={count(preview.seenAgain)}
          tone={BigInt(preview.seenAgain) > 0n ? "warn" : "neutral"}
          context="processed twice"
        />
        {preview.undoes === undefined ? (
          <StatCard
            label="Skipped"
            value={count(preview.skipped)}
            tone={BigInt(preview.skipped) > 0n ? "bad" : "neutral"}
            context="never processed"
          />
        ) : (
          // The group has already processed everything before the offset that it is put back to.
          <StatCard label="Skipped" value={count(preview.skipped)} context="not given to it again" />
        )}
      </div>
      {preview.undoes !== undefined && (
        <p className="text-mut">
          Takes back{" "}
          <Link href={pages.replay(preview.undoes.run)} className="text-acc underline">
            replay {preview.undoes.run}
          </Link>
          . {consumedSinceText(preview.undoes.consumedSince)}
        </p>
      )}
      {preview.notes.map((note) => (
        <p key={note} className="flex items-baseline gap-2 text-mut">
          <TriangleAlert aria-hidden className="size-3.5 shrink-0 self-center text-warn" strokeWidth={2} />{" "}
          <BrokerText text={note} maxLength={500} />
        </p>
      ))}
      <Connected members={preview.members} />
      <Card>
        <CardHeader title="Before and after">
          {preview.partitions.length > MOST_ROWS &&
            `the first ${count(MOST_ROWS)} of ${count(preview.partitions.length)}`}
        </CardHeader>
        <Table>
          <TableHeader>
            <tr>
              <TableHead>Partition</TableHead>
              <TableHead numeric>Now</TableHead>
              <TableHead numeric>Then</TableHead>
              <TableHead numeric>Seen again</TableHead>
              <TableHead numeric>Skipped</TableHead>
              <TableHead numeric>Log</TableHead>
            </tr>
          </TableHeader>
          <TableBody>
            {preview.partitions.slice(0, MOST_ROWS).map((one) => (
              <TableRow key={`${one.topic}/${one.partition}`}>
                <TableCell>
                  <BrokerText text={one.topic} maxLength={48} />[{one.partition}]
                </TableCell>
                <TableCell numeric className="font-mono text-xs text-mut">
                  {one.from === null ? "none" : count(one.from)}
                </TableCell>
                <TableCell numeric className="font-mono text-xs">
                  {one.from === one.to ? <span className="text-dim">stays</span> : count(one.to)}
                </TableCell>
                <TableCell numeric className={one.seenAgain === "0" ? "text-dim" : "text-warn"}>
                  {count(one.seenAgain)}
                </TableCell>
                <TableCell numeric className={one.skipped === "0" ? "text-dim" : "font-medium text-bad"}>
                  {count(one.skipped)}
                </TableCell>
                <TableCell numeric className="font-mono text-xs text-dim">
                  {count(one.logStart)} … {count(one.end)}
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Card>
      <Cli text={preview.cli} />
    </>
  );
}

function consumedSinceText(consumed: string): string {
  if (consumed === "0") return "The group has consumed nothing since.";
  const events = `${count(consumed)} ${consumed === "1" ? "event" : "events"}`;
  return `The group has consumed ${events} since: what that means is counted from where it stands now.`;
}
