/** Evaluates every rule once: which alerts fire and end, and the messages about them, in one transaction. */
import type pg from "pg";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import { evaluate, type Evaluation } from "#lib/domain/alert/state.ts";
import { readActiveAlerts, readClock, type StoredAlert } from "#lib/store/alerts/active-alerts-read.ts";
import { dropAlerts, writeAlerts, type AlertWrite } from "#lib/store/alerts/alerts-write.ts";
import { loosest } from "#lib/store/alerts/loosest.ts";
import { readWatchedGroups } from "#lib/store/alerts/watched-read.ts";
import { notifyAlerts } from "#lib/store/alerts/outbox.ts";
import { readWatchedClusters } from "#lib/store/alerts/watched-clusters-read.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import { queueMessages } from "./queue-messages.ts";
import { detailOf, isChanged } from "./alert-detail.ts";

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
