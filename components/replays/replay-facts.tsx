import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { rate } from "#components/ui/format.ts";
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
      <p>sent in batches of a hundred, each one Kafka transaction; Stop acts between two of them</p>
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
