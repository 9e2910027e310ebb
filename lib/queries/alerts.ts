import type { AlertsConfig } from "#lib/config/alerts.ts";
import type { AlertChannel } from "#lib/config/alert-channels.ts";
import type {
  AlertChannelRow,
  AlertsQuery,
  AlertsView,
  DeliveriesQuery,
  DeliveriesView,
} from "#lib/contracts/alerts.ts";
import { subjectOf } from "#lib/domain/alert/rule.ts";
import { silenceOf, type Silence } from "#lib/domain/alert/silence.ts";
import { conditionInWords } from "#lib/domain/alert/words.ts";
import { ok } from "#lib/domain/result.ts";
import {
  countByRule,
  readFiringNames,
  readOpenAlerts,
  readPastAlerts,
  type AlertColumns,
} from "#lib/store/alerts/alerts-read.ts";
import { deliveryRow, silenceRow } from "#lib/store/alerts/alert-rows.ts";
import { readChannels, readDeliveries } from "#lib/store/alerts/deliveries-read.ts";
import { readSilenceRows, type SilenceColumns } from "#lib/store/alerts/silences-read.ts";
import { alertRow } from "./alert-row.ts";
import type { Answer, QueryDeps } from "./deps.ts";

const MOST_OPEN = 300;
const MOST_PAST = 50;
const MOST_SILENCES = 200;

/** What fires, what may soon, what is over; the rules, channels and silences behind it. */
export async function getAlerts(
  { prisma, now }: Pick<QueryDeps, "prisma" | "now">,
  config: AlertsConfig,
  query: AlertsQuery,
): Answer<AlertsView> {
  const nowMs = now();
  const [firing, pending, recent, byRule, names, silences, channels] = await Promise.all([
    readOpenAlerts(prisma, "firing", query, MOST_OPEN),
    readOpenAlerts(prisma, "pending", query, MOST_OPEN),
    readPastAlerts(prisma, query, MOST_PAST),
    countByRule(prisma, query),
    readFiringNames(prisma, query),
    readSilenceRows(prisma, new Date(nowMs), MOST_SILENCES),
    readChannels(
      prisma,
      config.channels.map((channel) => channel.name),
    ),
  ]);
  const watched = silences.map(silenceFacts);
  const holding = names.map((name) => silenceOf(name, watched, nowMs)?.id ?? null);
  const of = new Map(byRule.map((row) => [row.rule, row]));
  const total = (what: "firing" | "pending") => byRule.reduce((sum, row) => sum + row[what], 0);
  const row = (alert: AlertColumns) => alertRow(alert, config, silences, watched, nowMs);
  return ok({
    counts: {
      firing: total("firing"),
      pending: total("pending"),
      silenced: holding.filter((id) => id !== null).length,
    },
    firing: firing.map(row),
    pending: pending.map(row),
    recent: recent.map(row),
    rules: config.rules.map(({ name, severity, cluster, group, when, forMs, channels: to }) => ({
      ...{ name, severity, about: subjectOf(when), cluster, group, when: conditionInWords(when), forMs, channels: to },
      firing: of.get(name)?.firing ?? 0,
      pending: of.get(name)?.pending ?? 0,
      lastFiredAt: of.get(name)?.lastFiredAt?.toISOString() ?? null,
    })),
    channels: config.channels.map((channel): AlertChannelRow => {
      const last = channels.last.find((delivery) => delivery.channel === channel.name);
      return {
        name: channel.name,
        kind: channel.kind,
        target: targetOf(channel),
        waiting: channels.waiting.find((one) => one.channel === channel.name)?.waiting ?? 0,
        last: last === undefined ? null : deliveryRow(last),
      };
    }),
    silences: silences.map((silence) => silenceRow(silence, nowMs, holding.filter((id) => id === silence.id).length)),
    groupWaitSeconds: config.groupWaitSeconds,
    repeatHours: config.repeatHours,
  });
}

export async function listDeliveries(
  { prisma }: Pick<QueryDeps, "prisma">,
  query: DeliveriesQuery,
): Answer<DeliveriesView> {
  const beforeId = query.cursor !== undefined && /^\d{1,18}$/.test(query.cursor) ? BigInt(query.cursor) : null;
  const rows = await readDeliveries(prisma, {
    channel: query.channel,
    status: query.status,
    beforeId,
    limit: query.limit + 1,
  });
  const items = rows.slice(0, query.limit).map(deliveryRow);
  return ok({ items, next: rows.length > query.limit ? (items.at(-1)?.id ?? null) : null, total: null });
}

const silenceFacts = ({ id, rule, cluster, group, until, endedAt }: SilenceColumns): Silence => ({
  id,
  rule,
  cluster,
  group,
  untilMs: until.getTime(),
  endedAtMs: endedAt?.getTime() ?? null,
});

const MOST_RECIPIENTS = 3;

/** Where a channel sends to. Of a webhook only the host: the rest of its URL is a secret. */
function targetOf(channel: AlertChannel): string {
  if (channel.kind !== "email") return new URL(channel.url).host;
  const unnamed = channel.to.length - MOST_RECIPIENTS;
  const more = unnamed > 0 ? ` and ${unnamed} more` : "";
  return `${channel.to.slice(0, MOST_RECIPIENTS).join(", ")}${more} through ${channel.smtp.host}`;
}
