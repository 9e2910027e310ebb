/** Silences and messages as the API tells them. */
import type { DeliveryRow, SilenceRow } from "#lib/contracts/alerts.ts";
import { isOn } from "#lib/domain/alert/silence.ts";
import type { DeliveryColumns } from "./deliveries-read.ts";
import type { SilenceColumns } from "./silences-read.ts";

export function silenceRow(
  { until, createdAt, endedAt, ...silence }: SilenceColumns,
  nowMs: number,
  holdsBack: number,
): SilenceRow {
  return {
    ...silence,
    until: until.toISOString(),
    createdAt: createdAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    active: isOn({ ...silence, untilMs: until.getTime(), endedAtMs: endedAt?.getTime() ?? null }, nowMs),
    holdsBack,
  };
}

export function deliveryRow({ message, nextAt, sentAt, createdAt, id, ...delivery }: DeliveryColumns): DeliveryRow {
  return {
    ...delivery,
    id: String(id),
    ...{ rule: message.rule, severity: message.severity, title: message.title, sentence: message.sentence },
    createdAt: createdAt.toISOString(),
    nextAt: delivery.status === "pending" ? nextAt.toISOString() : null,
    sentAt: sentAt?.toISOString() ?? null,
  };
}
