import Link from "next/link";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { count } from "#components/ui/format.ts";
import { pages } from "#lib/client/routes.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";

/** Where the copy of a skipped event lies. */
export function CopyKept({
  view: {
    row,
    items: {
      items: [item],
    },
  },
}: {
  readonly view: ReplayView;
}) {
  if (item === undefined || item.targetPartition === null || item.targetOffset === null) return null;
  return (
    <p className="text-mut">
      Its copy lies at{" "}
      <Link
        href={pages.topic(row.cluster, item.targetTopic, {
          tab: "messages",
          mode: "browse",
          partition: item.targetPartition,
          offset: item.targetOffset,
        })}
        className="text-acc underline"
      >
        <BrokerText text={item.targetTopic} maxLength={80} />[{item.targetPartition}] {count(item.targetOffset)}
      </Link>
      .
    </p>
  );
}
