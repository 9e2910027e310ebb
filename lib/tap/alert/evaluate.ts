/** Evaluates every rule once: which alerts fire and end, and the messages about them, in one transaction. */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { publicUrlOf } from "#lib/config/public-url.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import { planDeliveries } from "#lib/domain/alert/deliveries.ts";
import {
  composeMessage,
  MAX_ALERTS_PER_MESSAGE,
  type AlertDetail,
  type AlertMessage,
  type AlertInMessage,
} from "#lib/domain/alert/message.ts";
import { SEVERITIES, type AlertRule, type Severity, type Watched } from "#lib/domain/alert/rule.ts";
import { silenceOf, type Silence } from "#lib/domain/alert/silence.ts";
import { evaluate, type Evaluation } from "#lib/domain/alert/state.ts";
import { factsOf, findingInWords, sentenceOf, type Fact } from "#lib/domain/alert/words.ts";
import {
  readActiveAlerts,
  readAlertsById,
  readClock,
  readSilences,
  type StoredAlert,
} from "#lib/store/alerts/active-alerts-read.ts";
import { dropAlerts, writeAlerts, type AlertWrite } from "#lib/store/alerts/alerts-write.ts";
import { readAlreadySent } from "#lib/store/alerts/already-sent-read.ts";
import { loosest } from "#lib/store/alerts/loosest.ts";
import { readWatchedGroups } from "#lib/store/alerts/watched-read.ts";
import { joinDelivery, notifyAlerts, putDelivery } from "#lib/store/alerts/outbox.ts";
import { readWatchedClusters } from "#lib/store/alerts/watched-clusters-read.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";

export async function evaluateAlerts(client: pg.Client, config: FlowtapConfig): Promise<void> {
  const { rules } = config.alerts;
  const active = await readActiveAlerts(client);
  if (rules.length === 0 && active.length === 0) return;
  await inTransaction(client, async () => {
    const nowMs = await readClock(client);
    const clusters = config.clusters.map((cluster) => cluster.name);
    const watched = [
      ...(await readWatchedGroups(client, clusters, loosest(rules))),
      ...(await readWatchedClusters(client, clusters, config.lag.pollSeconds * 1000)),
    ];
    const evaluation = evaluate(rules, watched, active, nowMs);
    const { after, touched } = await writeEvaluation(client, active, evaluation);
    const queued = await queueMessages(client, config, after, touched, nowMs);
    if (queued || touched.size > 0 || evaluation.dropped.length > 0) await notifyAlerts(client);
  });
}

/**
 * Answers every alert as it is now, those just resolved among them, and the ids of those that changed.
 */
async function writeEvaluation(
  client: pg.Client,
  active: readonly StoredAlert[],
  evaluation: Evaluation,
): Promise<{ after: StoredAlert[]; touched: Set<number> }> {
  const before = new Map(active.map((alert) => [alert.id, alert]));
  const writes: (AlertWrite & { readonly cluster: string | null })[] = evaluation.changed.map(
    ({ id, rule, ruleName, clusterId, subject, life, watched }) => {
      // An alert keeps the last details of when its rule held, not those of when it ended.
      const holds = life.clearedAtMs === null && rule !== null && watched !== null;
      return {
        id,
        rule: ruleName,
        clusterId,
        subject,
        life,
        cluster: watched?.cluster ?? null,
        severity: holds ? rule.severity : null,
        detail: holds ? detailOf(rule, watched) : null,
      };
    },
  );
  for (const { id, rule, watched } of evaluation.continuing) {
    const alert = before.get(id);
    if (alert === undefined || alert.life.clearedAtMs !== null || !isChanged(alert, rule, watched)) continue;
    writes.push({
      id,
      rule: alert.rule,
      clusterId: alert.clusterId,
      subject: alert.subject,
      life: alert.life,
      cluster: watched.cluster,
      severity: rule.severity,
      detail: detailOf(rule, watched),
    });
  }
  const ids = await writeAlerts(client, writes);
  await dropAlerts(client, evaluation.dropped);

  const dropped = new Set(evaluation.dropped);
  const after = new Map(active.filter((alert) => !dropped.has(alert.id)).map((alert) => [alert.id, alert]));
  writes.forEach((write, i) => {
    const id = ids[i];
    if (id === undefined) return;
    const known = after.get(id);
    const detail = write.detail ?? known?.detail;
    if (detail !== undefined)
      after.set(id, {
        id,
        rule: write.rule,
        clusterId: write.clusterId,
        subject: write.subject,
        life: write.life,
        severity: write.severity ?? known?.severity ?? "warning",
        detail,
      });
  });
  return { after: [...after.values()], touched: new Set(ids) };
}

/**
 * Figures change all the time; an alert is written again for another verdict, cause or incident, and a cluster's for
 * another reason.
 */
function isChanged({ detail, severity }: StoredAlert, rule: AlertRule, watched: Watched): boolean {
  const now = aboutOf(watched);
  return (
    detail.verdict !== now.verdict ||
    detail.cause !== now.cause ||
    detail.incidentId !== now.incidentId ||
    severity !== rule.severity ||
    (watched.about === "cluster" && detail.sentence !== oneLine(sentenceOf(rule.when, watched)))
  );
}

const MAX_CHARS = 500;
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").slice(0, MAX_CHARS);
const bounded = (fact: Fact): Fact => ({ label: oneLine(fact.label), value: oneLine(fact.value) });

const aboutOf = (watched: Watched): Pick<AlertDetail, "verdict" | "cause" | "incidentId"> =>
  watched.about === "cluster"
    ? { verdict: "unknown", cause: null, incidentId: null }
    : { verdict: watched.verdict, cause: watched.finding?.cause ?? null, incidentId: watched.incidentId };

function detailOf(rule: AlertRule, watched: Watched): AlertDetail {
  return {
    about: watched.about,
    cluster: watched.cluster,
    group: watched.group,
    ...aboutOf(watched),
    title: oneLine(findingInWords(rule.when, watched)),
    sentence: oneLine(sentenceOf(rule.when, watched)),
    facts: factsOf(watched).map(bounded),
  };
}

/** Puts the planned messages into the outbox; answers whether there were any. */
async function queueMessages(
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
    repeatMs: config.alerts.repeatHours * 3_600_000,
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
