/** Evaluates every rule once: which alerts fire and end, and the messages about them, in one transaction. */
import type pg from "pg";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { AlertDetail } from "#lib/domain/alert/message.ts";
import type { AlertRule, Watched } from "#lib/domain/alert/rule.ts";
import { evaluate, type Evaluation } from "#lib/domain/alert/state.ts";
import { readActiveAlerts, readClock, type StoredAlert } from "#lib/store/alerts/active-alerts-read.ts";
import { dropAlerts, writeAlerts, type AlertWrite } from "#lib/store/alerts/alerts-write.ts";
import { loosest } from "#lib/store/alerts/loosest.ts";
import { readWatchedGroups } from "#lib/store/alerts/watched-read.ts";
import { notifyAlerts } from "#lib/store/alerts/outbox.ts";
import { readWatchedClusters } from "#lib/store/alerts/watched-clusters-read.ts";
import { inSavepoint } from "#lib/store/db/refusal.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { queueMessages } from "./queue-messages.ts";
import { detailOf, isChanged, plainDetail } from "./alert-detail.ts";

export async function evaluateAlerts(client: pg.Client, config: FlowtapConfig, log: Logger): Promise<void> {
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
    const { after, touched } = await writeEvaluation(client, active, evaluation, log);
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
  log: Logger,
): Promise<{ after: StoredAlert[]; touched: Set<number> }> {
  const before = new Map(active.map((alert) => [alert.id, alert]));
  const writes: AlertWrite[] = evaluation.changed.map(({ id, rule, ruleName, clusterId, subject, life, watched }) => {
    // An alert keeps the last details of when its rule held, not those of when it ended.
    const holds = life.clearedAtMs === null && rule !== null && watched !== null;
    return {
      id,
      rule: ruleName,
      clusterId,
      subject,
      life,
      severity: holds ? rule.severity : null,
      detail: holds ? detailIn(rule, watched, log) : null,
    };
  });
  for (const { id, rule, watched } of evaluation.continuing) {
    const alert = before.get(id);
    if (alert === undefined || alert.life.clearedAtMs !== null || !isChanged(alert, rule, watched)) continue;
    writes.push({
      id,
      rule: alert.rule,
      clusterId: alert.clusterId,
      subject: alert.subject,
      life: alert.life,
      severity: rule.severity,
      detail: detailIn(rule, watched, log),
    });
  }
  const ids = await writeEach(client, writes, log);
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

/** An alert whose details cannot be told fires all the same, without them, and harms no other. */
function detailIn(rule: AlertRule, watched: Watched, log: Logger): AlertDetail {
  try {
    return detailOf(rule, watched);
  } catch (error) {
    log.error({ err: error, rule: rule.name, group: watched.group }, "an alert's details could not be put into words");
    return plainDetail(rule.name, watched);
  }
}

/** All at once, or, where Postgres refuses what one of them holds, one by one. */
async function writeEach(client: pg.Client, writes: readonly AlertWrite[], log: Logger): Promise<number[]> {
  const all = await inSavepoint(client, () => writeAlerts(client, writes));
  if (!(all instanceof Error)) return all;
  const ids: number[] = [];
  for (const write of writes) {
    const { rule, detail } = write;
    const written = await inSavepoint(client, () => writeAlerts(client, [write]));
    if (!(written instanceof Error)) ids.push(...written);
    else {
      log.error(
        { err: written, rule, group: write.subject },
        "Postgres refused an alert's details; it goes without them",
      );
      ids.push(...(await writeAlerts(client, [{ ...write, detail: detail && plainDetail(rule, detail) }])));
    }
  }
  return ids;
}
