import { BellRing, Mail, MessageSquare, Siren, Webhook, type LucideIcon } from "lucide-react";
import type { Tone } from "#components/ui/tag.tsx";
import { pages } from "#lib/client/routes.ts";
import type { AlertChannelRow, AlertRow, DeliveryRow } from "#lib/contracts/alerts.ts";

export const SEVERITY_BADGE: Readonly<Record<AlertRow["severity"], { readonly tone: Tone; readonly word: string }>> = {
  critical: { tone: "bad", word: "CRITICAL" },
  warning: { tone: "warn", word: "WARNING" },
  info: { tone: "accent", word: "INFO" },
};

export const CHANNEL_BADGE: Readonly<
  Record<AlertChannelRow["kind"], { readonly icon: LucideIcon; readonly word: string }>
> = {
  webhook: { icon: Webhook, word: "webhook" },
  slack: { icon: MessageSquare, word: "chat" },
  email: { icon: Mail, word: "e-mail" },
  pagerduty: { icon: Siren, word: "PagerDuty" },
};

export const STATUS_BADGE: Readonly<
  Record<DeliveryRow["status"], { readonly tone: Tone; readonly word: string; readonly sign: string }>
> = {
  sent: { tone: "ok", word: "SENT", sign: "✓" },
  pending: { tone: "accent", word: "PENDING", sign: "…" },
  failed: { tone: "bad", word: "FAILED", sign: "✕" },
  silenced: { tone: "neutral", word: "SILENCED", sign: "–" },
};

export const KIND_WORD: Readonly<Record<DeliveryRow["kind"], string>> = {
  firing: "firing",
  resolved: "resolved",
  test: "test",
};

export const AlertIcon = BellRing;

type About = Pick<AlertRow, "about" | "cluster" | "group">;

/** The subject of an alert: its group, its cluster, or the dead letters of its cluster. */
export const subjectOf = ({ about, cluster, group }: About): string =>
  about === "cluster" ? cluster : group === "" ? `dead letters of ${cluster}` : group;

/** The page of an alert’s subject; `at` shows a group as it was at that time. */
export function pageOf({ about, cluster, group }: About, at?: string): string {
  if (about === "cluster") return pages.groups({ cluster });
  return group === "" ? pages.failures() : pages.group(cluster, group, { at });
}
