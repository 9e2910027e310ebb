import type { AlertRule } from "./rule.ts";

/** `failed`: refused for good, or given up; `silenced`: kept for the log, never sent. */
export const DELIVERY_STATUSES = ["pending", "sent", "failed", "silenced"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/**
 * One message that was said to a channel, or is about to be: the alerts of one rule that began together, under one key
 * until they are over.
 */
export interface AlreadySent {
  readonly deliveryId: bigint;
  readonly channel: string;
  readonly rule: string;
  readonly dedupKey: string;
  readonly alertIds: readonly number[];
  /** not tried yet, and not due: others may still join */
  readonly open: boolean;
  /** kept for the log only: a silence held it back */
  readonly silenced: boolean;
  /** when it was last put in line, repeats included */
  readonly lastAtMs: number;
  /** its last message still waits */
  readonly waiting: boolean;
  /** the receiver never took any of it */
  readonly failed: boolean;
}

export interface FiringAlert {
  readonly id: number;
  readonly rule: string;
  readonly silenced: boolean;
}

export interface PlannedDelivery {
  readonly kind: "firing" | "resolved";
  readonly channel: string;
  readonly rule: string;
  readonly dedupKey: string;
  readonly alertIds: readonly number[];
  readonly dueAtMs: number;
  readonly status: "pending" | "silenced";
}

export interface DeliveryPlan {
  /** messages that others join before they are sent, with all they are to tell of */
  readonly joined: readonly { readonly told: AlreadySent; readonly alertIds: readonly number[] }[];
  readonly created: readonly PlannedDelivery[];
}

export interface DeliveryFacts {
  readonly rules: readonly AlertRule[];
  /** every alert that fires now */
  readonly firing: readonly FiringAlert[];
  /** those that have just ended */
  readonly resolved: ReadonlySet<number>;
  readonly told: readonly AlreadySent[];
  readonly nowMs: number;
  readonly groupWaitMs: number;
  readonly repeatMs: number;
  /** unlike any before it */
  readonly newKey: () => string;
}

/**
 * Says what is to be told to whom. Every firing alert is told once to each channel of its rule: with those that began
 * within the group wait, in one message; again each `repeatMs` while any of them lasts; and once more, when the last of
 * them is over. What a silence holds back is told when the silence ends, if it still fires then. That something is over
 * is told despite a silence: whoever was woken may sleep again.
 */
export function planDeliveries(facts: DeliveryFacts): DeliveryPlan {
  const { nowMs, newKey } = facts;
  const firing = new Map(facts.firing.map((alert) => [alert.id, alert]));
  const joined: { told: AlreadySent; alertIds: readonly number[] }[] = [];
  const created: PlannedDelivery[] = [];
  const toldBy = Map.groupBy(facts.told, ({ channel }) => channel);
  const byRule = Map.groupBy(facts.firing, ({ rule }) => rule);

  for (const rule of facts.rules) {
    const alerts = byRule.get(rule.name);
    if (alerts === undefined) continue;
    for (const channel of rule.channels) {
      const told = (toldBy.get(channel) ?? []).filter((one) => one.rule === rule.name);
      const knownLoud = new Set(told.flatMap((one) => (one.silenced ? [] : one.alertIds)));
      const knownSilenced = new Set(told.flatMap((one) => (one.silenced ? one.alertIds : [])));
      const loud = alerts.filter((alert) => !alert.silenced && !knownLoud.has(alert.id)).map(({ id }) => id);
      const quiet = alerts
        .filter((alert) => alert.silenced && !knownLoud.has(alert.id) && !knownSilenced.has(alert.id))
        .map(({ id }) => id);
      const about = { channel, rule: rule.name, kind: "firing" } as const;
      if (loud.length > 0) {
        const open = told.find((one) => one.open && !one.silenced);
        if (open !== undefined) joined.push({ told: open, alertIds: [...open.alertIds, ...loud] });
        else
          created.push({
            ...about,
            dedupKey: newKey(),
            alertIds: loud,
            dueAtMs: nowMs + facts.groupWaitMs,
            status: "pending",
          });
      }
      if (quiet.length > 0)
        created.push({ ...about, dedupKey: newKey(), alertIds: quiet, dueAtMs: nowMs, status: "silenced" });
      for (const one of told) {
        if (one.silenced || one.waiting || nowMs - one.lastAtMs < facts.repeatMs) continue;
        const still = one.alertIds.filter((id) => firing.get(id)?.silenced === false);
        if (still.length > 0)
          created.push({ ...about, dedupKey: one.dedupKey, alertIds: still, dueAtMs: nowMs, status: "pending" });
      }
    }
  }
  for (const one of facts.told) {
    if (
      one.silenced ||
      one.failed ||
      !one.alertIds.some((id) => facts.resolved.has(id)) ||
      one.alertIds.some((id) => firing.has(id))
    )
      continue;
    created.push({
      kind: "resolved",
      channel: one.channel,
      rule: one.rule,
      dedupKey: one.dedupKey,
      alertIds: one.alertIds,
      dueAtMs: nowMs,
      status: "pending",
    });
  }
  return { joined, created };
}
