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
  pending: { tone: "accent", word: "WAITING", sign: "…" },
  failed: { tone: "bad", word: "GIVEN UP", sign: "✕" },
  silenced: { tone: "neutral", word: "SILENCED", sign: "–" },
};

export const KIND_WORD: Readonly<Record<DeliveryRow["kind"], string>> = {
  firing: "fires",
  resolved: "is over",
  test: "test",
};

export const AlertIcon = BellRing;

type About = Pick<AlertRow, "about" | "cluster" | "group">;

/** What an alert is about, in few words. */
export const subjectOf = ({ about, cluster, group }: About): string =>
  about === "cluster" ? cluster : group === "" ? `dead letters of ${cluster}` : group;

/** Where what it is about is to be seen: a group also as it was at a moment. */
export function pageOf({ about, cluster, group }: About, at?: string): string {
  if (about === "cluster") return pages.groups({ cluster });
  return group === "" ? pages.failures() : pages.group(cluster, group, { at });
}
