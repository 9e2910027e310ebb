import { Circle, CircleCheck, TriangleAlert, Users } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { count, durationSeconds, plural, rate } from "#components/ui/format.ts";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { Guards } from "./replay-facts.tsx";
import type { OffsetResetPreview, RedrivePreview, ReplayView } from "#lib/contracts/replays.ts";

const MOST_ROWS = 500;

/** What a replay will do, before it does: who receives it, what moves, what is left out, and the same in the terminal. */
export const PreviewPanel = ({ preview }: { readonly preview: ReplayView["preview"] }) => (preview.kind === "redrive" ? <Redrive preview={preview} /> : <OffsetReset preview={preview} />);

function Redrive({ preview }: { readonly preview: RedrivePreview }) {
  const excluded = preview.excluded.reduce((sum, one) => sum + one.items, 0);
  return (
    <>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <StatCard label="Will be sent" value={count(preview.items)} context="each exactly once" />
        <StatCard label="Left out" value={count(excluded)} tone={excluded > 0 ? "warn" : "neutral"} context={excluded === 0 ? "nothing" : "see why below"} />
        <StatCard label="At most" value={`${rate(preview.ratePerSecond)}/s`} context="order per key is kept" />
        <StatCard label="Takes about" value={durationSeconds(preview.items / preview.ratePerSecond)} context={`${plural(preview.keys.length, "key")} in order`} />
      </div>
      <Receivers preview={preview} />
      <Guards preview={preview} />
      <p className="text-xs text-mut">Key and body go byte for byte, headers without those of the failure and with three that name the replay. A header that has no value arrives with an empty one.</p>
      {preview.excluded.length > 0 && (
        <Card>
          <CardHeader title="Left out" />
          <CardBody>
            <ul className="flex flex-col gap-1">
              {preview.excluded.map((one) => (
                <li key={one.reason} className="flex items-center gap-2 text-mut">
                  <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-warn" strokeWidth={2} />
                  <b className="font-semibold text-text">{count(one.items)}</b> {one.reason}
                </li>
              ))}
            </ul>
          </CardBody>
        </Card>
      )}
      <Cli text={preview.cli} />
    </>
  );
}

/** Every group that reads the target topics: those it failed in, and those that will see it a second time. */
export function Receivers({ preview }: { readonly preview: RedrivePreview }) {
  return (
    <Card>
      <CardHeader title="Who receives this" />
      <CardBody className="flex flex-col gap-3">
        {preview.targets.map((target) => (
          <div key={`${target.cluster}/${target.topic}`}>
            <p className="text-mut">
              {plural(target.items, "event")} to <BrokerText mono text={target.topic} className="text-text" maxLength={80} />
            </p>
            <ul className="mt-1 flex flex-col gap-1">
              {target.receivers.toSorted((a, b) => Number(b.failedThere) - Number(a.failedThere)).map((receiver) => (
                <li key={receiver.group} className="flex items-center gap-2">
                  {receiver.failedThere ? <CircleCheck aria-hidden className="size-3.5 shrink-0 text-ok" strokeWidth={2} /> : <Circle aria-hidden className="size-3.5 shrink-0 text-warn" strokeWidth={2} />}
                  <BrokerText text={receiver.group} className="font-medium" maxLength={60} />
                  <span className={receiver.failedThere ? "text-mut" : "text-warn"}>{receiver.failedThere ? "failed on them, gets them again" : "reads this topic too: sees them a second time"}</span>
                </li>
              ))}
              {target.receivers.length === 0 && <li className="text-warn">No group reads this topic now.</li>}
            </ul>
          </div>
        ))}
        {preview.targets.length === 0 && <p className="text-dim">Nobody: nothing is left to send.</p>}
      </CardBody>
    </Card>
  );
}

function OffsetReset({ preview }: { readonly preview: OffsetResetPreview }) {
  const moved = preview.partitions.filter((one) => one.from !== one.to).length;
  return (
    <>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <StatCard label="Connected now" value={count(preview.members.length)} tone={preview.members.length > 0 ? "bad" : "ok"} context={preview.members.length === 0 ? "empty, as it must be" : "must be stopped first"} />
        <StatCard label="Offsets moved" value={`${count(moved)} of ${count(preview.partitions.length)}`} context="partitions" />
        <StatCard label="Seen again" value={count(preview.seenAgain)} tone={BigInt(preview.seenAgain) > 0n ? "warn" : "neutral"} context="processed twice" />
        <StatCard label="Skipped" value={count(preview.skipped)} tone={BigInt(preview.skipped) > 0n ? "bad" : "neutral"} context="never processed" />
      </div>
      {preview.members.length > 0 && (
        <Card>
          <CardHeader title="Who is connected" />
          <CardBody>
            <ul className="flex flex-col gap-1">
              {preview.members.slice(0, 50).map((member, i) => (
                <li key={i} className="flex items-center gap-2 text-mut"><Users aria-hidden className="size-3.5" strokeWidth={1.5} /><BrokerText mono text={member.clientId} className="text-text" maxLength={60} /> on <BrokerText mono text={member.host} maxLength={60} /></li>
              ))}
            </ul>
          </CardBody>
        </Card>
      )}
      <Card>
        <CardHeader title="Before and after">{preview.partitions.length > MOST_ROWS && `the first ${count(MOST_ROWS)} of ${count(preview.partitions.length)}`}</CardHeader>
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
                <TableCell><BrokerText text={one.topic} maxLength={48} />[{one.partition}]</TableCell>
                <TableCell numeric className="font-mono text-xs text-mut">{one.from === null ? "none" : count(one.from)}</TableCell>
                <TableCell numeric className="font-mono text-xs">{one.from === one.to ? <span className="text-dim">stays</span> : count(one.to)}</TableCell>
                <TableCell numeric className={one.seenAgain === "0" ? "text-dim" : "text-warn"}>{count(one.seenAgain)}</TableCell>
                <TableCell numeric className={one.skipped === "0" ? "text-dim" : "font-medium text-bad"}>{count(one.skipped)}</TableCell>
                <TableCell numeric className="font-mono text-xs text-dim">{count(one.logStart)} … {count(one.end)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </Card>
      <Cli text={preview.cli} />
    </>
  );
}

/** The same with the broker's own tools. */
export const Cli = ({ text }: { readonly text: string }) => (
  <Card>
    <CardHeader title="The same in the terminal"><CopyButton what="the command" value={text} /></CardHeader>
    <CardBody>
      <pre tabIndex={0} className="overflow-x-auto font-mono text-xs leading-relaxed whitespace-pre text-text/85"><bdi>{text.slice(0, 4000)}</bdi></pre>
    </CardBody>
  </Card>
);
