import type { AlertRule } from "./rule.ts";

/** `failed`: refused for good, or given up; `silenced`: kept for the log, never sent. */
export const DELIVERY_STATUSES = ["pending", "sent", "failed", "silenced"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/**
 * A message to a channel that was sent or is about to be. It is about the alerts of one rule that began together; its
 * key stays the same until all of them are over.
 */
export interface AlreadySent {
  readonly deliveryId: bigint;
  readonly channel: string;
  readonly rule: string;
  readonly dedupKey: string;
  readonly alertIds: readonly number[];
  /** neither due nor tried yet: more alerts may still be added */
  readonly open: boolean;
  /** held back by a silence, and kept for the log only */
  readonly silenced: boolean;
  /** when it was last queued, repeats included */
  readonly lastAtMs: number;
  /** the last message under its key is not sent yet */
  readonly waiting: boolean;
  /** the receiver accepted none of the messages under its key */
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
  /** messages that are not sent yet and now have more alerts; `alertIds` are all of them */
  readonly joined: readonly { readonly sent: AlreadySent; readonly alertIds: readonly number[] }[];
  readonly created: readonly PlannedDelivery[];
}

export interface DeliveryFacts {
  readonly rules: readonly AlertRule[];
  /** every alert that is firing now */
  readonly firing: readonly FiringAlert[];
  /** the alerts that have just been resolved */
  readonly resolved: ReadonlySet<number>;
  readonly alreadySent: readonly AlreadySent[];
  readonly nowMs: number;
  readonly groupWaitMs: number;
  readonly repeatMs: number;
  /** makes a key that was never used before */
  readonly newKey: () => string;
}

/**
 * Plans the messages. Every firing alert is sent once to each channel of its rule, in one message with the alerts that
 * began within the group wait. It is repeated every `repeatMs` while one of these alerts is firing. When the last of
 * them is resolved, one more message says so. An alert that a silence holds back is sent when the silence ends, if it
 * is still firing. Silences do not hold back that an alert is resolved: whoever was woken may sleep again.
 */
export function planDeliveries(facts: DeliveryFacts): DeliveryPlan {
  const { nowMs, newKey } = facts;
  const firing = new Map(facts.firing.map((alert) => [alert.id, alert]));
  const joined: { sent: AlreadySent; alertIds: readonly number[] }[] = [];
  const created: PlannedDelivery[] = [];
  const sentByChannel = Map.groupBy(facts.alreadySent, ({ channel }) => channel);
  const byRule = Map.groupBy(facts.firing, ({ rule }) => rule);

  for (const rule of facts.rules) {
    const alerts = byRule.get(rule.name);
    if (alerts === undefined) continue;
    for (const channel of rule.channels) {
      const sent = (sentByChannel.get(channel) ?? []).filter((one) => one.rule === rule.name);
      const knownLoud = new Set(sent.flatMap((one) => (one.silenced ? [] : one.alertIds)));
      const knownSilenced = new Set(sent.flatMap((one) => (one.silenced ? one.alertIds : [])));
      const loud = alerts.filter((alert) => !alert.silenced && !knownLoud.has(alert.id)).map(({ id }) => id);
      const quiet = alerts
        .filter((alert) => alert.silenced && !knownLoud.has(alert.id) && !knownSilenced.has(alert.id))
        .map(({ id }) => id);
      const about = { channel, rule: rule.name, kind: "firing" } as const;
      if (loud.length > 0) {
        const open = sent.find((one) => one.open && !one.silenced);
        if (open !== undefined) joined.push({ sent: open, alertIds: [...open.alertIds, ...loud] });
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
      for (const one of sent) {
        if (one.silenced || one.waiting || nowMs - one.lastAtMs < facts.repeatMs) continue;
        const still = one.alertIds.filter((id) => firing.get(id)?.silenced === false);
        if (still.length > 0)
          created.push({ ...about, dedupKey: one.dedupKey, alertIds: still, dueAtMs: nowMs, status: "pending" });
      }
    }
  }
  for (const one of facts.alreadySent) {
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
