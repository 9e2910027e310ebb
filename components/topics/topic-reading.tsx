import Link from "next/link";
import { Card, CardBody } from "#components/ui/card.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { pages } from "#lib/client/routes.ts";
import type { TopicView } from "#lib/contracts/topics.ts";

const LISTED = 5;

/** What of the topic Flowtap cannot read, and where what it read of former generations is. Nothing when all is well. */
export function TopicReading({ view }: { readonly view: TopicView }) {
  const { faults, generationOf, goneAt, formerGenerations, row } = view;
  if (faults.length === 0 && goneAt === null && formerGenerations.length === 0) return null;
  return (
    <Card className="mb-3" role="status">
      <CardBody className="flex flex-col gap-2 text-sm">
        {faults.length > 0 && (
          <div>
            <p className="text-bad">
              Flowtap cannot read {plural(faults.length, "partition")} of this topic at the moment. It keeps trying; all
              other partitions are read.
            </p>
            <ul className="mt-1 flex flex-col gap-1">
              {faults.slice(0, LISTED).map(({ partition, reason, since }) => (
                <li key={partition} className="break-words text-mut">
                  Partition {partition}, since <RelativeTime at={since} />: <BrokerText text={reason} maxLength={300} />
                </li>
              ))}
            </ul>
            {faults.length > LISTED && <p className="text-mut">and {faults.length - LISTED} more</p>}
          </div>
        )}
        {goneAt !== null && generationOf === null && (
          <p>
            The broker has had no topic of this name since <RelativeTime at={goneAt} />. What was read of it before
            stays here.
          </p>
        )}
        {goneAt !== null && generationOf !== null && (
          <p>
            These events were read of{" "}
            <Link className="text-acc" prefetch={false} href={pages.topic(row.cluster, generationOf)}>
              <BrokerText text={generationOf} maxLength={80} />
            </Link>{" "}
            before it was made anew or truncated, <RelativeTime at={goneAt} />. The broker has them no longer.
          </p>
        )}
        {formerGenerations.map(({ topic, goneAt: closedAt }) => (
          <p key={topic}>
            The topic was made anew or truncated <RelativeTime at={closedAt} />. What was read before is kept as{" "}
            <Link className="text-acc" prefetch={false} href={pages.topic(row.cluster, topic)}>
              <BrokerText text={topic} maxLength={80} />
            </Link>
            .
          </p>
        ))}
      </CardBody>
    </Card>
  );
}
