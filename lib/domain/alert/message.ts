import type { Severity, Watched } from "./rule.ts";
import type { Fact } from "./words.ts";

/** What is known of one alert, as it is stored and told. Everything in it may have come from a broker. */
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

/** What is said of one or several alerts, whatever the channel. */
export interface AlertMessage {
  readonly kind: MessageKind;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly sentence: string;
  /** what to open first */
  readonly url: string;
  /** how many alerts it tells of; `alerts` holds the first few */
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
 * `url` is where people reach Flowtap, without a slash at its end. `alerts` are the first of `total`, at
 * most MOST_TOLD.
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

/** A message that only proves the way to a channel. */
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

/** The very view at that moment. */
function addressOf(url: string, { about, cluster, group }: Named, atMs: number): string {
  // Of a cluster out of reach nothing is known at that moment: what is known now is its groups as they were last.
  if (about === "cluster") return `${url}/groups?cluster=${encodeURIComponent(cluster)}`;
  const at = `at=${encodeURIComponent(new Date(atMs).toISOString())}`;
  return group === ""
    ? `${url}/failures?${at}`
    : `${url}/groups/${encodeURIComponent(cluster)}/${encodeURIComponent(group)}?${at}`;
}
