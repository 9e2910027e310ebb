import { Circle, CircleCheck, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { count, plural } from "#components/ui/format.ts";
import { Tag } from "#components/ui/tag.tsx";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { TARGET_GROUP_HEADER } from "#lib/domain/replay/one-group.ts";
import { groupsAtRisk } from "#lib/domain/replay/second-time.ts";

type Target = RedrivePreview["targets"][number];

/** Every group that reads the target topics: those it failed in, and those that will see it a second time. */
export function Receivers({ preview }: { readonly preview: RedrivePreview }) {
  const atRisk = groupsAtRisk(preview.targets, preview.plainItems);
  return (
    <Card>
      <CardHeader title="Who receives this" />
      <CardBody className="flex flex-col gap-3">
        {preview.to.how === "sandbox" && (
          <p className="text-mut">
            Nobody.{" "}
            {preview.createTopic === undefined
              ? "No group that Flowtap knows of reads the sandbox topic"
              : createdWith(preview.createTopic.partitions)}
            ; that nobody does is looked at once more then.
          </p>
        )}
        {preview.plainItems > 0 && preview.to.how === "topic" && (
          <Warning>
            <b className="font-semibold">{count(preview.plainItems)}</b> of these are no dead letters: all groups below
            see them again, also those that had consumed them well.
          </Warning>
        )}
        {preview.targets.map((target) => (
          <div key={`${target.cluster}/${target.topic}`}>
            <p className="text-mut">
              {plural(target.items, "event")} to{" "}
              <BrokerText mono text={target.topic} className="text-text" maxLength={80} />
              {target.by === "retry_topic" && ", the retry topic that only this group reads"}
            </p>
            {target.by === "header" && preview.to.how === "group" && (
              <p className="mt-1 text-mut">
                with the header{" "}
                <code className="font-mono text-xs text-text">
                  {TARGET_GROUP_HEADER}: <BrokerText text={preview.to.group} maxLength={60} />
                </code>
                . Every other group must filter on it, or it sees the events again: five lines in Java, Node or Python,
                in <code className="font-mono text-xs">docs/replay-filter.md</code>.
              </p>
            )}
            <ul className="mt-1 flex flex-col gap-1">
              {target.receivers
                .toSorted((a, b) => Number(b.failedThere) - Number(a.failedThere))
                .map((receiver) => (
                  <Receiver key={receiver.group} receiver={receiver} by={target.by} />
                ))}
              {target.receivers.length === 0 && preview.to.how !== "sandbox" && (
                <li className="text-warn">No group reads this topic now.</li>
              )}
            </ul>
          </div>
        ))}
        {atRisk.length > 0 && (
          <Warning>
            {plural(atRisk.length, "group")} may see events a second time and {atRisk.length === 1 ? "is" : "are"} not
            known to be idempotent. Where a second time does no harm, declare it:{" "}
            <code className="font-mono text-xs">replay.idempotentGroups</code> in flowtap.yaml.
          </Warning>
        )}
        {preview.targets.length === 0 && <p className="text-dim">Nobody: nothing is left to send.</p>}
      </CardBody>
    </Card>
  );
}

const createdWith = (partitions: number): string =>
  `The sandbox topic is created with ${plural(partitions, "partition")} when this is run`;

function Receiver({
  receiver: { group, failedThere, probablyFailedThere, declaredIdempotent, trouble },
  by,
}: {
  readonly receiver: Target["receivers"][number];
  readonly by: Target["by"];
}) {
  const isTheirs = failedThere || probablyFailedThere;
  const harmless = isTheirs || declaredIdempotent;
  const unlessFiltered = by === "header" ? " unless it filters on the header" : "";
  const maybeHarmed = declaredIdempotent ? "" : ", and is not known to be idempotent";
  return (
    <li className="flex items-start gap-2">
      {isTheirs ? (
        <CircleCheck aria-hidden className="mt-0.5 size-3.5 shrink-0 text-ok" strokeWidth={2} />
      ) : (
        <Circle
          aria-hidden
          className={`mt-0.5 size-3.5 shrink-0 ${harmless ? "text-mut" : "text-warn"}`}
          strokeWidth={2}
        />
      )}
      <span className="min-w-0">
        <BrokerText text={group} className="font-medium" maxLength={60} />{" "}
        <span className={harmless ? "text-mut" : "text-warn"}>
          {failedThere
            ? "failed on them, gets them again"
            : probablyFailedThere
              ? "the only group that reads it: probably failed on them, gets them again"
              : `sees them a second time${unlessFiltered}${maybeHarmed}`}
        </span>{" "}
        {declaredIdempotent && <Tag tone="ok">declared idempotent</Tag>}
        {isTheirs && trouble !== null && (
          <span className="text-bad">
            · now: <BrokerText text={trouble} maxLength={160} />
          </span>
        )}
      </span>
    </li>
  );
}

const Warning = ({ children }: { readonly children: ReactNode }) => (
  <p className="flex items-start gap-2 text-warn">
    <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" strokeWidth={2} />
    <span>{children}</span>
  </p>
);
