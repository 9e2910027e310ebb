import { covers, isMet, type AlertRule, type Watched } from "./rule.ts";

/** A rule must not hold for so long before its alert is over: a group that flaps is told of once. */
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

/**
 * What becomes of an alert; null: there is none (any more). `holds` is null where nothing can be told, and then
 * nothing changes.
 */
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

/** One thing that changes about an alert. `id` null: a new one. */
export interface AlertChange {
  readonly id: number | null;
  readonly rule: AlertRule | null;
  readonly ruleName: string;
  readonly clusterId: number;
  readonly subject: string;
  readonly life: AlertLife;
  /** null: the group, or the rule, is not there any more */
  readonly standing: Watched | null;
}

export interface Evaluation {
  readonly changed: readonly AlertChange[];
  /** pending ones that came to nothing */
  readonly dropped: readonly number[];
  /** those that go on as they were, with what is known of them now */
  readonly standing: readonly { readonly id: number; readonly rule: AlertRule; readonly standing: Watched }[];
}

const keyOf = (rule: string, clusterId: number, subject: string): string => `${rule}\0${clusterId}\0${subject}`;

/**
 * Looks at every rule and every standing given, and says which alerts begin, move on and end. An alert whose rule or
 * group is not among them counts as one that no longer holds. Standings that meet no condition need not be given.
 */
export function evaluate(
  rules: readonly AlertRule[],
  standings: readonly Watched[],
  active: readonly ActiveAlert[],
  nowMs: number,
): Evaluation {
  const open = new Map(active.map((alert) => [keyOf(alert.rule, alert.clusterId, alert.subject), alert]));
  const changed: AlertChange[] = [];
  const dropped: number[] = [];
  const going: { id: number; rule: AlertRule; standing: Watched }[] = [];

  const settle = (
    alert: ActiveAlert | undefined,
    next: AlertLife | null,
    about: Omit<AlertChange, "id" | "life">,
  ): void => {
    if (alert === undefined) {
      if (next !== null) changed.push({ ...about, id: null, life: next });
    } else if (next === null) dropped.push(alert.id);
    else if (next !== alert.life && !sameLife(next, alert.life)) changed.push({ ...about, id: alert.id, life: next });
    else if (about.rule !== null && about.standing !== null)
      going.push({ id: alert.id, rule: about.rule, standing: about.standing });
  };

  for (const rule of rules) {
    for (const standing of standings) {
      const key = keyOf(rule.name, standing.clusterId, standing.group);
      const alert = open.get(key);
      const met = isMet(rule.when, standing, nowMs);
      if (alert === undefined && met !== true) continue;
      if (!covers(rule, standing)) continue;
      open.delete(key);
      settle(alert, nextLife(alert?.life ?? null, met, rule.forMs, nowMs), {
        rule,
        ruleName: rule.name,
        clusterId: standing.clusterId,
        subject: standing.group,
        standing,
      });
    }
  }
  for (const alert of open.values()) {
    settle(alert, nextLife(alert.life, false, 0, nowMs), {
      rule: null,
      ruleName: alert.rule,
      clusterId: alert.clusterId,
      subject: alert.subject,
      standing: null,
    });
  }
  return { changed, dropped, standing: going };
}

const sameLife = (a: AlertLife, b: AlertLife): boolean =>
  a.state === b.state &&
  a.pendingAtMs === b.pendingAtMs &&
  a.firedAtMs === b.firedAtMs &&
  a.clearedAtMs === b.clearedAtMs;
