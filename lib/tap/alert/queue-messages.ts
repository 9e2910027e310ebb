/** Plans and writes the messages about the alerts that fire or have been resolved. */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { publicUrlOf } from "#lib/config/public-url.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import { planDeliveries } from "#lib/domain/alert/deliveries.ts";
import {
  MAX_ALERTS_PER_MESSAGE,
  composeMessage,
  type AlertMessage,
  type AlertInMessage,
} from "#lib/domain/alert/message.ts";
import { SEVERITIES, type Severity } from "#lib/domain/alert/rule.ts";
import { silenceOf, type Silence } from "#lib/domain/alert/silence.ts";
import { readAlertsById, readSilences, type StoredAlert } from "#lib/store/alerts/active-alerts-read.ts";
import { readAlreadySent } from "#lib/store/alerts/already-sent-read.ts";
import { joinDelivery, putDelivery } from "#lib/store/alerts/outbox.ts";

/** Puts the planned messages into the outbox; answers whether there were any. */
export async function queueMessages(
  client: pg.Client,
  config: FlowtapConfig,
  alerts: readonly StoredAlert[],
  touched: ReadonlySet<number>,
  nowMs: number,
): Promise<boolean> {
  const firing = alerts.filter(({ life }) => life.state === "firing");
  const resolved = alerts.filter(({ life }) => life.state === "resolved");
  if (firing.length + resolved.length === 0) return false;
  const known = [...firing, ...resolved];
  const oldestMs = Math.min(...known.map(({ life }) => life.pendingAtMs));
  const alreadySent = await readAlreadySent(
    client,
    known.map(({ id }) => id),
    new Date(oldestMs),
  );
  const silences = firing.length === 0 ? [] : await readSilences(client);
  const plan = planDeliveries({
    rules: config.alerts.rules,
    firing: firing.map((alert) => ({ id: alert.id, rule: alert.rule, silenced: isSilenced(alert, silences, nowMs) })),
    resolved: new Set(resolved.map(({ id }) => id)),
    alreadySent,
    nowMs,
    groupWaitMs: config.alerts.groupWaitSeconds * 1000,
    repeatMs: config.alerts.repeatHours * 3600000,
    newKey: randomUUID,
  });
  const byId = new Map(known.map((alert) => [alert.id, alert]));
  const compose = (kind: "firing" | "resolved", rule: string, ids: readonly number[]) =>
    composeOf(client, byId, publicUrlOf(config.web), kind, rule, ids);

  const joining = new Set(plan.joined.map((one) => one.sent));
  // A message that still waits for other alerts is composed anew when more is known: the cause comes after the verdict.
  const updated = alreadySent
    .filter((one) => one.open && !one.silenced && !joining.has(one) && one.alertIds.some((id) => touched.has(id)))
    .map((one) => ({ sent: one, alertIds: one.alertIds }));
  for (const { sent: open, alertIds } of [...plan.joined, ...updated]) {
    if (!(await joinDelivery(client, open.deliveryId, alertIds, await compose("firing", open.rule, alertIds))))
      throw new Error("a message was sent while another process still added to it");
  }
  for (const { kind, channel, rule, dedupKey, alertIds, dueAtMs, status } of plan.created) {
    await putDelivery(client, {
      channel,
      kind,
      dedupKey,
      alertIds,
      status,
      dueAt: new Date(dueAtMs),
      message: await compose(kind, rule, alertIds),
    });
  }
  return plan.joined.length + plan.created.length > 0;
}

const isSilenced = ({ rule, detail }: StoredAlert, silences: readonly Silence[], nowMs: number): boolean =>
  silenceOf({ rule, cluster: detail.cluster, group: detail.group }, silences, nowMs) !== null;

async function composeOf(
  client: pg.Client,
  known: ReadonlyMap<number, StoredAlert>,
  url: string,
  kind: "firing" | "resolved",
  rule: string,
  ids: readonly number[],
): Promise<AlertMessage> {
  const first = ids.slice(0, MAX_ALERTS_PER_MESSAGE);
  // Some alerts of the message were resolved earlier.
  const missing = first.filter((id) => !known.has(id));
  const more = new Map(
    (missing.length === 0 ? [] : await readAlertsById(client, missing, MAX_ALERTS_PER_MESSAGE)).map((alert) => [
      alert.id,
      alert,
    ]),
  );
  const alerts = first.flatMap((id) => known.get(id) ?? more.get(id) ?? []);
  return composeMessage({
    kind,
    rule,
    severity: worstOf(alerts),
    alerts: alerts.map(alertInMessage),
    total: ids.length,
    url,
  });
}

const worstOf = (alerts: readonly StoredAlert[]): Severity =>
  SEVERITIES.find((severity) => alerts.some((alert) => alert.severity === severity)) ?? "warning";

const alertInMessage = ({ detail, life }: StoredAlert): AlertInMessage => ({
  ...detail,
  firedAtMs: life.firedAtMs ?? life.pendingAtMs,
  resolvedAtMs: life.resolvedAtMs,
});
