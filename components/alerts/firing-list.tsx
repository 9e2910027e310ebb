import { BellOff, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { useNow } from "#components/time/now.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { Card, CardHeader } from "#components/ui/card.tsx";
import { cn } from "#components/ui/cn.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { durationMs, plural } from "#components/ui/format.ts";
import { RelativeTime } from "#components/time/relative-time.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { AlertRow, AlertsView } from "#lib/contracts/alerts.ts";
import { pageOf, SEVERITY_BADGE, subjectOf } from "./alert-badges.ts";
import { SilenceMenu } from "./silence-menu.tsx";

const EDGE = {
  bad: "before:bg-bad",
  warn: "before:bg-warn",
  accent: "before:bg-acc",
  ok: "before:bg-ok",
  neutral: "before:bg-line2",
} as const;
const FACTS_SHOWN = 4;

/** Firing and pending alerts, most severe first. */
export function FiringList({ view }: { readonly view: AlertsView }) {
  const { firing, pending, counts } = view;
  const more = counts.firing + counts.pending - firing.length - pending.length;
  return (
    <Card aria-label="Firing now">
      <CardHeader title="Firing now">{firing.length + pending.length > 0 && <span>most severe first</span>}</CardHeader>
      {firing.length + pending.length === 0 ? (
        <EmptyState icon={ShieldCheck} title="No alerts firing" className="py-9">
          {plural(view.rules.length, "rule")} evaluated every three seconds.
        </EmptyState>
      ) : (
        <ul>
          {[
            ...firing.filter((alert) => alert.silence === null),
            ...firing.filter((alert) => alert.silence !== null),
            ...pending,
          ].map((alert) => (
            <Row key={alert.id} alert={alert} />
          ))}
          {more > 0 && (
            <li className="border-t px-3.5 py-2.5 text-mut">
              …and {plural(more, "more alert")}. The most severe are listed above.
            </li>
          )}
        </ul>
      )}
    </Card>
  );
}

function Row({ alert }: { readonly alert: AlertRow }) {
  const pending = alert.state === "pending";
  const badge = SEVERITY_BADGE[alert.severity];
  const quiet = pending || alert.silence !== null;
  const openAt = pending || alert.group === "" ? null : alert.firedAt;
  return (
    <li
      className={cn(
        "relative flex flex-wrap items-start gap-x-4 gap-y-2 border-t py-3 pr-3.5 pl-4",
        "before:absolute before:inset-y-0 before:left-0 before:w-[3px]",
        quiet ? "before:bg-line2" : EDGE[badge.tone],
        !quiet && badge.tone === "bad" && "bg-badbg/40",
      )}
    >
      <div className="min-w-0 flex-[1_1_22rem]">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link href={pageOf(alert)} className="min-w-0 truncate font-semibold hover:underline">
            <BrokerText text={subjectOf(alert)} maxLength={60} />
          </Link>
          <Tag tone={quiet ? "neutral" : badge.tone}>{pending ? "PENDING" : badge.word}</Tag>
          <span className="min-w-0 truncate font-medium">
            <bdi>{alert.title}</bdi>
          </span>
          {alert.silence !== null && (
            <Tag title={`${alert.silence.reason} (${alert.silence.createdBy})`}>
              <BellOff aria-hidden /> SILENCED
            </Tag>
          )}
        </p>
        <p className="mt-0.5 break-words text-mut">
          <bdi>{alert.sentence}</bdi>
        </p>
        <dl className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
          {alert.facts.slice(0, FACTS_SHOWN).map(({ label, value }) => (
            <div key={label} className="flex min-w-0 gap-1.5">
              <dt className="text-dim">{label}</dt>
              <dd className="min-w-0 truncate">
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        <p className="mt-1 text-xs text-dim">
          <bdi>{alert.rule}</bdi> · {alert.about === "cluster" ? "cluster" : alert.cluster} ·{" "}
          <AlertState alert={alert} />
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {alert.incidentId !== null && (
          <Button asChild size="sm" variant="outline">
            <Link href={pages.incident(alert.incidentId)}>Incident</Link>
          </Button>
        )}
        <Button asChild size="sm" variant="outline">
          <Link href={pageOf(alert, openAt ?? undefined)}>{openAt === null ? "Open" : "Open at that time"}</Link>
        </Button>
        {alert.silence === null && (
          <SilenceMenu
            cluster={alert.cluster}
            group={alert.group}
            rule={alert.rule}
            reason={`From the alert: ${alert.title}`.slice(0, 300)}
          />
        )}
      </div>
    </li>
  );
}

function AlertState({ alert }: { readonly alert: AlertRow }) {
  const now = useNow();
  if (alert.state === "pending")
    return (
      <>
        pending for <RelativeTime at={alert.pendingAt} suffix="" />
        {alert.firesAt !== null && now !== null && (
          <>, fires in {durationMs(Math.max(0, Date.parse(alert.firesAt) - now))}</>
        )}
      </>
    );
  return (
    <>
      firing for <RelativeTime at={alert.firedAt ?? alert.pendingAt} suffix="" />
      {alert.clearedAt !== null && <span className="text-ok"> · condition cleared, resolving</span>}
      {alert.silence !== null && now !== null && (
        <> · silenced for another {durationMs(Math.max(0, Date.parse(alert.silence.until) - now))}</>
      )}
    </>
  );
}
