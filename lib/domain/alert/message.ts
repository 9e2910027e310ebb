import { urlSegment } from "#lib/domain/text/url-segment.ts";
import type { Severity, Watched } from "./rule.ts";
import type { Fact } from "./facts.ts";

/** What is known of one alert, as it is stored and sent. Any text in it may come from a broker. */
export interface AlertDetail {
  readonly about: Watched["about"];
  readonly cluster: string;
  /** empty: of a cluster's alert, and of dead letters that name no group */
  readonly group: string;
  readonly verdict: string;
  readonly cause: string | null;
  /** a few words */
  readonly title: string;
  /** one sentence without a full stop */
  readonly sentence: string;
  readonly facts: readonly Fact[];
  readonly incidentId: number | null;
}

export interface AlertInMessage extends AlertDetail {
  readonly firedAtMs: number;
  readonly resolvedAtMs: number | null;
}

export const MESSAGE_KINDS = ["firing", "resolved", "test"] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** A message about one or several alerts, the same for every channel. */
export interface AlertMessage {
  readonly kind: MessageKind;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly sentence: string;
  /** what to open first */
  readonly url: string;
  /** how many alerts it is about; `alerts` holds the first few */
  readonly total: number;
  readonly alerts: readonly {
    readonly about: Watched["about"];
    readonly cluster: string;
    readonly group: string;
    readonly title: string;
    readonly sentence: string;
    readonly verdict: string;
    readonly cause: string | null;
    readonly facts: readonly Fact[];
    readonly url: string;
    readonly incidentId: number | null;
    readonly firedAt: string;
    readonly resolvedAt: string | null;
  }[];
}

/** How many alerts a message spells out. */
export const MAX_ALERTS_PER_MESSAGE = 20;

/**
 * `url` is where people reach Flowtap, without a slash at its end. `alerts` are the first of `total`, at most
 * MAX_ALERTS_PER_MESSAGE of them.
 */
export function composeMessage(about: {
  readonly kind: "firing" | "resolved";
  readonly rule: string;
  readonly severity: Severity;
  readonly alerts: readonly AlertInMessage[];
  readonly total: number;
  readonly url: string;
}): AlertMessage {
  const alerts = about.alerts.slice(0, MAX_ALERTS_PER_MESSAGE).map(({ firedAtMs, resolvedAtMs, ...detail }) => ({
    ...detail,
    url: addressOf(about.url, detail, about.kind === "resolved" ? (resolvedAtMs ?? firedAtMs) : firedAtMs),
    firedAt: new Date(firedAtMs).toISOString(),
    resolvedAt: resolvedAtMs === null ? null : new Date(resolvedAtMs).toISOString(),
  }));
  const [first] = alerts;
  const many = about.total > 1;
  const what = many
    ? `${about.total.toLocaleString("en-US")} ${first?.about === "cluster" ? "clusters" : "groups"} · ${about.rule}`
    : `${first === undefined ? "" : nameOf(first)} · ${first?.title ?? about.rule}`;
  const names = alerts.slice(0, 5).map(nameOf).join(", ");
  const more = about.total > 5 ? ` and ${(about.total - 5).toLocaleString("en-US")} more` : "";
  const over = about.kind === "resolved";
  return {
    kind: about.kind,
    rule: about.rule,
    severity: about.severity,
    title: over ? `Resolved: ${what}` : what,
    sentence: many
      ? over
        ? `Over for ${names}${more}`
        : `${names}${more}. First: ${first?.sentence ?? ""}`
      : over
        ? `No longer so: ${first?.sentence ?? ""}`
        : (first?.sentence ?? ""),
    url: many || first === undefined ? `${about.url}/alerts` : first.url,
    total: about.total,
    alerts,
  };
}

/** A message that only proves that a channel works. */
export const testMessage = (channel: string, by: string, url: string): AlertMessage => ({
  kind: "test",
  rule: "test",
  severity: "info",
  title: `Test of the channel ${channel}`,
  sentence: `${by} asked Flowtap to send this; nothing is wrong`,
  url: `${url}/alerts`,
  total: 0,
  alerts: [],
});

type Named = Pick<AlertDetail, "about" | "cluster" | "group">;

/** What an alert is about, in one name. */
export const nameOf = ({ about, cluster, group }: Named): string =>
  about === "cluster" ? cluster : group === "" ? `${cluster}: dead letters` : group;

/** The address of the view at that moment. */
function addressOf(url: string, { about, cluster, group }: Named, atMs: number): string {
  // While a cluster is out of reach, only the last known state of its groups can be shown, which is the current view.
  if (about === "cluster") return `${url}/groups?cluster=${encodeURIComponent(cluster)}`;
  const at = `at=${encodeURIComponent(new Date(atMs).toISOString())}`;
  return group === "" ? `${url}/failures?${at}` : `${url}/groups/${urlSegment(cluster)}/${urlSegment(group)}?${at}`;
}
