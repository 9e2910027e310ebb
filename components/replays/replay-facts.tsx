import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { durationSeconds, plural, rate } from "#components/ui/format.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { ClockTime } from "#components/ui/relative-time.tsx";
import type { RedrivePreview, ReplayRow } from "#lib/contracts/replays.ts";

/** What keeps a redrive from doing harm. */
export const Guards = ({ preview }: { readonly preview: RedrivePreview }) => (
  <Card>
    <CardHeader title="Guards" />
    <CardBody className="flex flex-col gap-1 text-mut">
      <p>at most <b className="font-semibold text-text">{rate(preview.ratePerSecond)}/s</b> · order per key kept</p>
      <p>each event once, also after a crash</p>
      <p>sent in batches, each one Kafka transaction; Pause and Stop act between two of them</p>
      {preview.canary.items > 0 && <p>first {plural(preview.canary.items, "event")}, the rest when {preview.canary.items === 1 ? "it is" : "they are"} seen consumed; after {durationSeconds(preview.canary.timeoutSeconds)} without that it {preview.canary.then === "pause" ? "pauses" : "goes on"}</p>}
      <p>pauses by itself when more than {Math.round(preview.stopAbove * 100)} % of the latest fail again, or the group stops consuming</p>
    </CardBody>
  </Card>
);

/** Who did what when. */
export const Story = ({ row }: { readonly row: ReplayRow }) => (
  <Card>
    <CardHeader title="Who and when" />
    <CardBody>
      <ol className="flex flex-col gap-1">
        <Step at={row.createdAt} what={<>planned by <BrokerText text={row.createdBy} maxLength={40} /></>} />
        {row.startedAt !== null && <Step at={row.startedAt} what={<>started: “<BrokerText text={row.reason} maxLength={200} />”</>} />}
        {row.finishedAt !== null && <Step at={row.finishedAt} what={row.status} />}
      </ol>
    </CardBody>
  </Card>
);

const Step = ({ at, what }: { readonly at: string; readonly what: React.ReactNode }) => (
  <li className="flex gap-3">
    <ClockTime at={at} className="shrink-0 font-mono text-xs leading-[1.6] text-dim" />
    <span className="min-w-0 break-words text-mut">{what}</span>
  </li>
);
