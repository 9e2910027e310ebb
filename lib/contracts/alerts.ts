import { z } from "zod";
import { DELIVERY_STATUSES } from "#lib/domain/alert/deliveries.ts";
import { MESSAGE_KINDS } from "#lib/domain/alert/message.ts";
import { SEVERITIES } from "#lib/domain/alert/rule.ts";
import { ALERT_STATES } from "#lib/domain/alert/state.ts";
import { Decimal, Iso, PageQuery, Verdict, pageOf, MOST_GROUP_CHARS } from "./common.ts";
import { Cause } from "./group-cause.ts";

const AlertSeverity = z.enum(SEVERITIES);
const AlertState = z.enum(ALERT_STATES);
const AlertSubject = z
  .enum(["group", "cluster"])
  .meta({ description: "what the rule is about: consumer groups, or whole clusters" });
const Fact = z.object({ label: z.string(), value: z.string() });

/** GET /api/alerts: of everything, or of one group. */
export const AlertsQuery = z.object({
  cluster: z.string().max(100).optional(),
  group: z.string().max(MOST_GROUP_CHARS).optional(),
});

export const SilenceRow = z
  .object({
    id: z.number().int(),
    /** globs; "*" is any */
    rule: z.string(),
    cluster: z.string(),
    group: z.string(),
    until: Iso,
    reason: z.string(),
    createdBy: z.string(),
    createdAt: Iso,
    endedAt: Iso.nullable(),
    active: z.boolean(),
    /** firing alerts it holds back now */
    holdsBack: z.number().int(),
  })
  .meta({ id: "AlertSilence" });

export const AlertRow = z
  .object({
    id: z.number().int(),
    rule: z.string(),
    severity: AlertSeverity,
    state: AlertState,
    about: AlertSubject,
    cluster: z.string(),
    group: z
      .string()
      .meta({ description: "the consumer group; empty: of a cluster's alert, and of dead letters that name none" }),
    title: z.string(),
    sentence: z.string(),
    verdict: Verdict,
    cause: Cause.nullable(),
    facts: z.array(Fact),
    incidentId: z.number().int().nullable(),
    pendingAt: Iso,
    firedAt: Iso.nullable(),
    /** since when the rule no longer holds; it is over when that has lasted */
    clearedAt: Iso.nullable(),
    resolvedAt: Iso.nullable(),
    /** when it will fire, if it goes on; of pending ones */
    firesAt: Iso.nullable(),
    silence: SilenceRow.pick({ id: true, until: true, reason: true, createdBy: true }).nullable(),
  })
  .meta({ id: "Alert" });

export const AlertRuleRow = z.object({
  name: z.string(),
  severity: AlertSeverity,
  about: AlertSubject,
  cluster: z.string(),
  group: z.string(),
  /** in words */
  when: z.string(),
  forMs: z.number(),
  channels: z.array(z.string()),
  firing: z.number().int(),
  pending: z.number().int(),
  lastFiredAt: Iso.nullable(),
});

export const DeliveryStatus = z.enum(DELIVERY_STATUSES);
export const DeliveryRow = z
  .object({
    id: Decimal,
    channel: z.string(),
    kind: z.enum(MESSAGE_KINDS),
    rule: z.string(),
    severity: AlertSeverity,
    title: z.string(),
    sentence: z.string(),
    alerts: z.number().int(),
    dedupKey: z.string(),
    status: DeliveryStatus,
    attempts: z.number().int(),
    lastError: z.string().nullable(),
    createdAt: Iso,
    /** when it is tried next; of pending ones */
    nextAt: Iso.nullable(),
    sentAt: Iso.nullable(),
  })
  .meta({ id: "AlertDelivery" });

export const AlertChannelRow = z.object({
  name: z.string(),
  kind: z.enum(["webhook", "slack", "email", "pagerduty"]),
  target: z.string().meta({ description: "where it goes, without anything secret" }),
  waiting: z.number().int().meta({ description: "messages not taken yet" }),
  last: DeliveryRow.nullable(),
});

export const AlertsView = z
  .object({
    counts: z.object({ firing: z.number().int(), pending: z.number().int(), silenced: z.number().int() }),
    /** worst first, then latest; a few hundred at most */
    firing: z.array(AlertRow),
    pending: z.array(AlertRow),
    recent: z.array(AlertRow).meta({ description: "those that are over, latest first" }),
    rules: z.array(AlertRuleRow),
    channels: z.array(AlertChannelRow),
    silences: z.array(SilenceRow),
    groupWaitSeconds: z.number(),
    repeatHours: z.number(),
  })
  .meta({ id: "Alerts" });

export const DeliveriesQuery = PageQuery.extend({
  channel: z.string().max(100).optional(),
  status: DeliveryStatus.optional(),
});
export const DeliveriesView = pageOf(DeliveryRow).meta({ id: "AlertDeliveries" });

const glob = z.string().min(1).max(300).default("*");
export const SilenceInput = z.object({
  rule: glob,
  cluster: glob,
  group: glob,
  until: Iso,
  reason: z.string().trim().min(3, "Say why, in three letters or more.").max(500),
});
export const TestAnswer = z.object({ deliveryId: Decimal });

export type AlertsQuery = z.infer<typeof AlertsQuery>;
export type AlertsView = z.infer<typeof AlertsView>;
export type AlertRow = z.infer<typeof AlertRow>;
export type AlertRuleRow = z.infer<typeof AlertRuleRow>;
export type AlertChannelRow = z.infer<typeof AlertChannelRow>;
export type SilenceRow = z.infer<typeof SilenceRow>;
export type SilenceInput = z.infer<typeof SilenceInput>;
export type DeliveryRow = z.infer<typeof DeliveryRow>;
export type DeliveriesQuery = z.infer<typeof DeliveriesQuery>;
export type DeliveriesView = z.infer<typeof DeliveriesView>;
