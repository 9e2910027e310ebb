/**
 * An incident as one page of Markdown, to be pasted into a ticket or a chat. What brokers named is any text,
 * so it is escaped.
 */
import { pages } from "#lib/client/routes.ts";
import type { GroupSeriesPoint } from "#lib/contracts/group-history.ts";
import type { IncidentView } from "#lib/contracts/incidents.ts";
import { CAUSE_TITLES } from "#lib/domain/health/cause.ts";
import { durationWords } from "#lib/domain/text/words.ts";

const BARS = "▁▂▃▄▅▆▇█";
const BARS_SHOWN = 60;
const CHANGES_SHOWN = 40;
const MAX_EVENTS = 30;
const TEXT_CHARS = 400;

/** `origin`: where people open Flowtap. */
export function incidentReport(view: IncidentView, origin: string): string {
  const { incident } = view;
  const openedMs = Date.parse(incident.openedAt);
  const endMs = Date.parse(incident.closedAt ?? view.readAt);
  const finding = incident.changes.findLast((change) => change.finding !== null)?.finding ?? null;
  const momentHref = (at: string) => `${origin}${pages.group(incident.cluster, incident.group, { at })}`;
  const title = incident.cause === null ? incident.verdict : CAUSE_TITLES[incident.cause].toLowerCase();
  const reason = incident.reason === null ? "" : `**${escape(incident.reason)}.** `;
  const duration = durationWords(endMs - openedMs);
  const period =
    incident.closedAt === null
      ? `Open since ${utc(openedMs)}, ${duration} so far.`
      : `From ${utc(openedMs)} to ${utc(endMs)}, ${duration}.`;
  const links = [
    `[This incident](${origin}${pages.incident(incident.id)})`,
    `[the group now](${origin}${pages.group(incident.cluster, incident.group)})`,
    `[as it was when it began](${momentHref(incident.openedAt)})`,
  ];
  const lines = [
    `# ${escape(incident.group)}: ${title}`,
    "",
    `${reason}${period}`,
    "",
    "| | |",
    "|---|---|",
    ...facts(view).map(([name, value]) => `| ${name} | ${escape(value)} |`),
    ...(finding === null
      ? []
      : [
          "",
          `## Cause: ${finding.title}`,
          "",
          `${escape(finding.sentence)}.`,
          "",
          ...finding.facts.map(({ label, value }) => `- ${escape(label)}: ${escape(value)}`),
        ]),
    "",
    "## How it went",
    "",
    "```",
    ...charts(view.series),
    "```",
    "",
    "## Timeline",
    "",
    ...timeline(view).map(({ at, text }) => `- [${utc(Date.parse(at))}](${momentHref(at)}) ${escape(text)}`),
    "",
    links.join(" · "),
    "",
    `Read at ${utc(Date.parse(view.readAt))}. Times are UTC.`,
    "",
  ];
  return lines.join("\n");
}

function facts({ incident, service, protocol, topics }: IncidentView): [string, string][] {
  return [
    ["Group", `${incident.group} on ${incident.cluster} (${protocol})`],
    ...(service === null ? [] : [["Service", service] as [string, string]]),
    [
      "Topics",
      topics.length === 0
        ? "none known"
        : `${topics.slice(0, 8).join(", ")}${topics.length > 8 ? ` and ${topics.length - 8} more` : ""}`,
    ],
    ["Verdict", incident.verdict],
    ["Most events waiting", Number(incident.peakLagMessages).toLocaleString("en-US")],
    ...(incident.peakTimeLagMs === null
      ? []
      : [["Longest wait", durationWords(incident.peakTimeLagMs)] as [string, string]]),
  ];
}

function timeline({ incident, events }: IncidentView): { at: string; text: string }[] {
  const changes = incident.changes
    .slice(0, CHANGES_SHOWN)
    .map((change) => ({ at: change.at, text: changeText(change) }));
  const happened = events.slice(-MAX_EVENTS).map(({ at, text }) => ({ at, text }));
  return [...changes, ...happened].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

function changeText({ kind, reason, cause }: IncidentView["incident"]["changes"][number]): string {
  if (kind === "closed") return "Closed";
  const title = cause === null ? "" : ` (${CAUSE_TITLES[cause].toLowerCase()})`;
  return `${kind === "opened" ? "Opened" : "Changed"}${title}${reason === null ? "" : `: ${reason}`}`;
}

function charts(series: readonly GroupSeriesPoint[]): string[] {
  const rows: [string, (point: GroupSeriesPoint) => number | null, (value: number) => string][] = [
    ["lag      ", (point) => point.lagMessages, (value) => `${Math.round(value).toLocaleString("en-US")} events`],
    ["time lag ", (point) => point.timeLagMs, durationWords],
    ["in       ", (point) => point.inRate, (value) => `${value.toFixed(1)}/s`],
    ["out      ", (point) => point.outRate, (value) => `${value.toFixed(1)}/s`],
  ];
  const from = series[0];
  const to = series.at(-1);
  if (from === undefined || to === undefined) return ["nothing is kept of this time"];
  return [
    `${utc(Date.parse(from.at))} … ${utc(Date.parse(to.at))}`,
    ...rows.map(([name, of, format]) => bars(name, series.map(of), format)),
  ];
}

function bars(name: string, values: readonly (number | null)[], format: (value: number) => string): string {
  const step = Math.max(1, Math.ceil(values.length / BARS_SHOWN));
  const cells: (number | null)[] = [];
  for (let i = 0; i < values.length; i += step) {
    const known = values.slice(i, i + step).filter((value) => value !== null);
    cells.push(known.length === 0 ? null : Math.max(...known));
  }
  const most = Math.max(0, ...cells.filter((value) => value !== null));
  const drawn = cells
    .map((value) =>
      value === null ? " " : (BARS[most === 0 ? 0 : Math.round((value / most) * (BARS.length - 1))] ?? " "),
    )
    .join("");
  return `${name} ${drawn} at most ${format(most)}`;
}

const utc = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}`;

/** The text without anything that Markdown or HTML would interpret, and on one line. */
const escape = (text: string): string =>
  text
    .slice(0, TEXT_CHARS)
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, " ")
    .replace(/[\\`*_{}[\]<>()#+!|~&]/g, "\\$&");
