import { Circle, CircleCheck, TriangleAlert } from "lucide-react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader, StatCard } from "#components/ui/card.tsx";
import { count, durationSeconds, plural, rate } from "#components/ui/format.ts";
import { Guards } from "./replay-facts.tsx";
import { TARGET_GROUP_HEADER } from "#lib/domain/replay/one-group.ts";
import type { RedrivePreview, ReplayView } from "#lib/contracts/replays.ts";
import { Checks } from "./checks.tsx";
import { Cli } from "./cli.tsx";
import { ResetPreview } from "./reset-preview.tsx";
import { SkipPreview } from "./skip-preview.tsx";

/** What a replay will do, before it does: who receives it, what moves, what is left out, and the same in the terminal. */
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
        <StatCard label="Left out" value={count(excluded)} tone={excluded > 0 ? "warn" : "neutral"} context={excluded === 0 ? "nothing" : "see why below"} />
        <StatCard label="At most" value={`${rate(preview.ratePerSecond)}/s`} context="order per key is kept" />
        <StatCard label="Takes about" value={durationSeconds(preview.items / preview.ratePerSecond)} context={`${plural(preview.keys.length, "key")} in order`} />
      </div>
      <Receivers preview={preview} />
      {preview.checks !== undefined && <Checks checks={preview.checks} />}
      <Busiest preview={preview} />
      <Guards preview={preview} />
      <p className="text-xs text-mut">Key and body go byte for byte, headers without those of the failure and with three that name the replay. A header that has no value arrives with an empty one.</p>
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
          {preview.partitions.map(({ topic, partition, items }) => <span key={`${topic}/${partition}`}><BrokerText text={topic} maxLength={40} />{partition === null ? " by key" : `[${partition}]`} <b className="font-semibold text-text">{count(items)}</b></span>)}
        </p>
        {preview.keys.length > 0 && (
          <p className="flex flex-wrap gap-x-4 gap-y-1">
            {preview.keys.slice(0, 8).map(({ key, items }) => <span key={key}><BrokerText mono text={key} maxLength={28} /> <b className="font-semibold text-text">{count(items)}</b></span>)}
          </p>
        )}
      </CardBody>
    </Card>
  );
}

/** Every group that reads the target topics: those it failed in, and those that will see it a second time. */
export function Receivers({ preview }: { readonly preview: RedrivePreview }) {
  return (
    <Card>
      <CardHeader title="Who receives this" />
      <CardBody className="flex flex-col gap-3">
        {preview.to.how === "sandbox" && <p className="text-mut">Nobody. {preview.createTopic === undefined ? "No group that Flowtap knows of reads the sandbox topic" : `The sandbox topic is created with ${plural(preview.createTopic.partitions, "partition")} when this is run`}; that nobody does is looked at once more then.</p>}
        {preview.plainItems > 0 && preview.to.how === "topic" && <p className="flex items-start gap-2 text-warn"><TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" strokeWidth={2} /><span><b className="font-semibold">{count(preview.plainItems)}</b> of these are no dead letters: all groups below see them again, also those that had consumed them well.</span></p>}
        {preview.targets.map((target) => (
          <div key={`${target.cluster}/${target.topic}`}>
            <p className="text-mut">
              {plural(target.items, "event")} to <BrokerText mono text={target.topic} className="text-text" maxLength={80} />{target.by === "retry_topic" && ", the retry topic that only this group reads"}
            </p>
            {target.by === "header" && preview.to.how === "group" && (
              <p className="mt-1 text-mut">
                with the header <code className="font-mono text-xs text-text">{TARGET_GROUP_HEADER}: <BrokerText text={preview.to.group} maxLength={60} /></code>. Every other group must filter on it, or it sees the events again: five lines in Java, Node or Python, in <code className="font-mono text-xs">docs/replay-filter.md</code>.
              </p>
            )}
            <ul className="mt-1 flex flex-col gap-1">
              {target.receivers.toSorted((a, b) => Number(b.failedThere) - Number(a.failedThere)).map((receiver) => (
                <li key={receiver.group} className="flex items-center gap-2">
                  {receiver.failedThere ? <CircleCheck aria-hidden className="size-3.5 shrink-0 text-ok" strokeWidth={2} /> : <Circle aria-hidden className="size-3.5 shrink-0 text-warn" strokeWidth={2} />}
                  <BrokerText text={receiver.group} className="font-medium" maxLength={60} />
                  <span className={receiver.failedThere ? "text-mut" : "text-warn"}>{receiver.failedThere ? "failed on them, gets them again" : target.by === "header" ? "reads this topic too: sees them a second time unless it filters on the header" : "reads this topic too: sees them a second time"}</span>
                  {receiver.failedThere && receiver.trouble !== null && <span className="min-w-0 text-bad">· now: <BrokerText text={receiver.trouble} maxLength={160} /></span>}
                </li>
              ))}
              {target.receivers.length === 0 && preview.to.how !== "sandbox" && <li className="text-warn">No group reads this topic now.</li>}
            </ul>
          </div>
        ))}
        {preview.targets.length === 0 && <p className="text-dim">Nobody: nothing is left to send.</p>}
      </CardBody>
    </Card>
  );
}
