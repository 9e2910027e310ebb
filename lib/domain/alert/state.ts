import { covers, isMet, type AlertRule, type Watched } from "./rule.ts";

/** How long a rule must not hold before its alert is resolved, so that a flapping group is reported once. */
export const CLEAR_HOLD_MS = 30_000;

/** `pending` until its rule has held long enough, then `firing` until the rule has not held long enough. */
export const ALERT_STATES = ["pending", "firing", "resolved"] as const;
export type AlertState = (typeof ALERT_STATES)[number];

/** Where an alert is in its life. */
export interface AlertLife {
  readonly state: AlertState;
  readonly pendingAtMs: number;
  readonly firedAtMs: number | null;
  /** since when the rule no longer holds */
  readonly clearedAtMs: number | null;
  readonly resolvedAtMs: number | null;
}

/** The next state of an alert; null: there is no alert. Where `holds` is null (not known), nothing changes. */
export function nextLife(
  life: AlertLife | null,
  holds: boolean | null,
  forMs: number,
  nowMs: number,
): AlertLife | null {
  if (holds === null || life?.state === "resolved") return life;
  if (life === null || life.state === "pending") {
    if (!holds) return null;
    const pendingAtMs = life?.pendingAtMs ?? nowMs;
    const fires = nowMs - pendingAtMs >= forMs;
    return {
      state: fires ? "firing" : "pending",
      pendingAtMs,
      firedAtMs: fires ? nowMs : null,
      clearedAtMs: null,
      resolvedAtMs: null,
    };
  }
  if (holds) return life.clearedAtMs === null ? life : { ...life, clearedAtMs: null };
  const clearedAtMs = life.clearedAtMs ?? nowMs;
  if (nowMs - clearedAtMs < CLEAR_HOLD_MS) return life.clearedAtMs === null ? { ...life, clearedAtMs } : life;
  return { ...life, state: "resolved", clearedAtMs, resolvedAtMs: nowMs };
}

export interface ActiveAlert {
  readonly id: number;
  readonly rule: string;
  readonly clusterId: number;
  /** the consumer group; empty: the cluster, or dead letters that name no group */
  readonly subject: string;
  readonly life: AlertLife;
}

/** A change of one alert. `id` null: a new alert. */
export interface AlertChange {
  readonly id: number | null;
  readonly rule: AlertRule | null;
  readonly ruleName: string;
  readonly clusterId: number;
  readonly subject: string;
  readonly life: AlertLife;
  /** null: the group or the rule no longer exists */
  readonly watched: Watched | null;
}

export interface Evaluation {
  readonly changed: readonly AlertChange[];
  /** ids of pending alerts that never fired */
  readonly dropped: readonly number[];
  /** alerts whose state did not change, with the latest figures */
  readonly continuing: readonly { readonly id: number; readonly rule: AlertRule; readonly watched: Watched }[];
}

const keyOf = (rule: string, clusterId: number, subject: string): string => `${rule}\0${clusterId}\0${subject}`;

/**
 * Evaluates every rule for every group and cluster given, and answers which alerts begin, change and end. An alert
 * whose rule or group is not given counts as one whose rule no longer holds. What meets no condition need not be given.
 */
export function evaluate(
  rules: readonly AlertRule[],
  all: readonly Watched[],
  active: readonly ActiveAlert[],
  nowMs: number,
): Evaluation {
  const open = new Map(active.map((alert) => [keyOf(alert.rule, alert.clusterId, alert.subject), alert]));
  const changed: AlertChange[] = [];
  const dropped: number[] = [];
  const continuing: { id: number; rule: AlertRule; watched: Watched }[] = [];

  const settle = (
    alert: ActiveAlert | undefined,
    next: AlertLife | null,
    about: Omit<AlertChange, "id" | "life">,
  ): void => {
    if (alert === undefined) {
      if (next !== null) changed.push({ ...about, id: null, life: next });
    } else if (next === null) dropped.push(alert.id);
    else if (next !== alert.life && !sameLife(next, alert.life)) changed.push({ ...about, id: alert.id, life: next });
    else if (about.rule !== null && about.watched !== null)
      continuing.push({ id: alert.id, rule: about.rule, watched: about.watched });
  };

  for (const rule of rules) {
    for (const watched of all) {
      const key = keyOf(rule.name, watched.clusterId, watched.group);
      const alert = open.get(key);
      const met = isMet(rule.when, watched, nowMs);
      if (alert === undefined && met !== true) continue;
      if (!covers(rule, watched)) continue;
      open.delete(key);
      settle(alert, nextLife(alert?.life ?? null, met, rule.forMs, nowMs), {
        rule,
        ruleName: rule.name,
        clusterId: watched.clusterId,
        subject: watched.group,
        watched,
      });
    }
  }
  for (const alert of open.values()) {
    settle(alert, nextLife(alert.life, false, 0, nowMs), {
      rule: null,
      ruleName: alert.rule,
      clusterId: alert.clusterId,
      subject: alert.subject,
      watched: null,
    });
  }
  return { changed, dropped, continuing };
}

const sameLife = (a: AlertLife, b: AlertLife): boolean =>
  a.state === b.state &&
  a.pendingAtMs === b.pendingAtMs &&
  a.firedAtMs === b.firedAtMs &&
  a.clearedAtMs === b.clearedAtMs;
