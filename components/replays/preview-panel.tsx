import { TriangleAlert } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { count, durationSeconds, plural, rate } from "#components/ui/format.ts";
import { Guards } from "./guards.tsx";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { Checks } from "./checks.tsx";
import { Cli } from "./cli.tsx";
import { Receivers } from "./receivers.tsx";
import { ResetPreview } from "./reset-preview.tsx";
import { SkipPreview } from "./skip-preview.tsx";

/**
 * What a replay will do, before it does: who receives it, what moves, what is left out, and the same in the terminal.
 */
export function PreviewPanel({ preview }: { readonly preview: ReplayView["preview"] }) {
  switch (preview.kind) {
    case "redrive":
      return <Redrive preview={preview} />;
    case "offset_reset":
      return <ResetPreview preview={preview} />;
    case "skip":
      return <SkipPreview preview={preview} />;
  }
}

function Redrive({ preview }: { readonly preview: RedrivePreview }) {
  const left = [...preview.leftOut, ...preview.excluded];
  const excluded = left.reduce((sum, one) => sum + one.items, 0);
  return (
    <>
      <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
        <StatCard label="Will be sent" value={count(preview.items)} context="each exactly once" />
        <StatCard
          label="Left out"
          value={count(excluded)}
          tone={excluded > 0 ? "warn" : "neutral"}
          context={excluded === 0 ? "nothing" : "see why below"}
        />
        <StatCard label="At most" value={`${rate(preview.ratePerSecond)}/s`} context="order per key is kept" />
        <StatCard
          label="Takes about"
          value={durationSeconds(preview.items / preview.ratePerSecond)}
          context={`${plural(preview.keys.length, "key")} in order`}
        />
      </div>
      <Receivers preview={preview} />
      {preview.checks !== undefined && <Checks checks={preview.checks} />}
      <Busiest preview={preview} />
      <Guards preview={preview} />
      <p className="text-xs text-mut">
        Key and body go byte for byte, headers in their order without those of the failure and with three that name the
        replay.{" "}
        {preview.time === "original"
          ? "Each event keeps the time of its first publication: a topic deletes at once what its retention has passed."
          : "The time of each event is that of sending it."}
      </p>
      {left.length > 0 && (
        <Card>
          <CardHeader title="Left out" />
          <CardBody>
            <ul className="flex flex-col gap-1">
              {left.map((one) => (
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

/** Where most of the events go. */
function Busiest({ preview }: { readonly preview: RedrivePreview }) {
  if (preview.partitions.length === 0) return null;
  return (
    <Card>
      <CardHeader title="By partition and key" />
      <CardBody className="flex flex-col gap-1.5 text-mut">
        <p className="flex flex-wrap gap-x-4 gap-y-1">
          {preview.partitions.map(({ topic, partition, items }) => (
            <span key={`${topic}/${partition}`}>
              <BrokerText text={topic} maxLength={40} />
              {partition === null ? " by key" : `[${partition}]`}{" "}
              <b className="font-semibold text-text">{count(items)}</b>
            </span>
          ))}
        </p>
        {preview.keys.length > 0 && (
          <p className="flex flex-wrap gap-x-4 gap-y-1">
            {preview.keys.slice(0, 8).map(({ key, items }) => (
              <span key={key}>
                <BrokerText mono text={key} maxLength={28} /> <b className="font-semibold text-text">{count(items)}</b>
              </span>
            ))}
          </p>
        )}
      </CardBody>
    </Card>
  );
}
