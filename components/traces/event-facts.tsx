import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { KeyLink } from "#components/page/key-link.tsx";
import { Fact } from "#components/page/parts.tsx";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardBody, CardHeader } from "#components/ui/card.tsx";
import { count } from "#components/ui/format.ts";
import { ClockTime } from "#components/time/relative-time.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import { FATE_BADGE, fateLine } from "#components/messages/fate-words.ts";
import type { TraceEvent } from "./trace-layout.ts";

interface EventFactsProps {
  readonly event: TraceEvent;
  /** set outside the page of its trace: adds a link to the trace */
  readonly elsewhere?: boolean;
}
/** The selected event: its position in the log and its outcome in every group. */
export function EventFacts({ event, elsewhere = false }: EventFactsProps) {
  return (
    <Card>
      <CardHeader
        title={
          <BrokerText text={event.type ?? "unknown type"} className="text-sm font-semibold text-text" maxLength={60} />
        }
      >
        {event.deadLetter && <Tag tone="bad">DEAD LETTER</Tag>}
        {event.error && !event.deadLetter && <Tag tone="bad">ERROR EVENT</Tag>}
        {event.replayed && <Tag tone="accent">REPLAYED</Tag>}
        {event.tombstone && <Tag>TOMBSTONE</Tag>}
      </CardHeader>
      <CardBody className="flex flex-col gap-2">
        <dl>
          <Fact name="Position">
            <Link
              className="hover:underline"
              href={pages.topic(event.cluster, event.topic, {
                tab: "messages",
                mode: "browse",
                partition: event.partition,
                offset: event.offset,
              })}
            >
              <BrokerText text={event.topic} maxLength={60} />[{event.partition}] @ {count(event.offset)}
            </Link>
          </Fact>
          <Fact name="Producer">
            {event.service === null ? (
              <span className="text-dim">unknown</span>
            ) : (
              <BrokerText text={event.service} maxLength={60} />
            )}
            {event.schemaVersion !== null && (
              <span className="text-dim"> · version {event.schemaVersion.slice(0, 20)}</span>
            )}
          </Fact>
          <Fact name="Key">
            <KeyLink text={event.key} maxLength={80} cluster={event.cluster} event={event.id} />
          </Fact>
          <Fact name="Time">
            <ClockTime at={event.occurredAt} />
            {!elsewhere && <span className="text-dim"> · trace ID from {event.traceOrigin}</span>}
          </Fact>
          {elsewhere && (
            <Fact name="Trace">
              {event.traceId === null ? (
                <span className="text-dim">unknown</span>
              ) : (
                <Link className="hover:underline" href={pages.trace(event.traceId, { event: event.id })}>
                  <BrokerText mono text={event.traceId} />
                </Link>
              )}
            </Fact>
          )}
        </dl>
        {event.failureFingerprint !== null && (
          <Button asChild variant="danger" className="self-start">
            <Link href={pages.failure(event.failureFingerprint)}>
              <TriangleAlert /> Open failure
            </Link>
          </Button>
        )}
        <h3 className="mt-1 text-xs font-medium text-mut">Outcome per group</h3>
        {event.fates.length === 0 ? (
          <p className="text-dim">No group reads this topic.</p>
        ) : (
          <ul className="flex flex-col gap-1">
            {event.fates.slice(0, 100).map((fate) => (
              <li key={`${fate.cluster}/${fate.group}`} className="flex flex-wrap items-baseline gap-x-2">
                <span aria-hidden className={`w-3 shrink-0 text-center ${FATE_BADGE[fate.fate].className}`}>
                  {FATE_BADGE[fate.fate].sign}
                </span>
                <Link
                  href={pages.group(fate.cluster, fate.group)}
                  className="inline-flex min-h-6 items-center font-medium hover:underline"
                >
                  <BrokerText text={fate.group} maxLength={40} />
                </Link>
                <span className={fate.fate === "consumed" ? "text-mut" : FATE_BADGE[fate.fate].className}>
                  {fateLine(fate)}
                </span>
                {fate.at !== null && <ClockTime at={fate.at} className="ml-auto font-mono text-xs text-dim" />}
                {fate.note !== null && (
                  <span className="w-full pl-5 break-words text-dim">
                    <BrokerText text={fate.note} maxLength={300} />
                  </span>
                )}
              </li>
            ))}
          </ul>
        )}
      </CardBody>
    </Card>
  );
}
