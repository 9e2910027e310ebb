import { cutText } from "#lib/domain/text/text.ts";
import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import type { ChannelOf } from "#lib/config/alert-channels.ts";
import type { Attempt } from "#lib/domain/alert/attempts.ts";
import { nameOf, type AlertMessage } from "#lib/domain/alert/message.ts";
import type { TakenDelivery } from "#lib/store/alerts/outbox.ts";
import { readEmailFault, tooLongInWords } from "./email-fault.ts";
import { ATTEMPT_TIMEOUT_MS } from "./post.ts";
import { messageIdOf } from "./send-webhook.ts";

/** One connection for each message: alerts are rare, and a connection kept open is one more thing that breaks. */
export async function sendEmail({ smtp, from, to }: ChannelOf<"email">, taken: TakenDelivery): Promise<Attempt> {
  const timeouts = {
    connectionTimeout: ATTEMPT_TIMEOUT_MS,
    greetingTimeout: ATTEMPT_TIMEOUT_MS,
    socketTimeout: ATTEMPT_TIMEOUT_MS,
    dnsTimeout: ATTEMPT_TIMEOUT_MS,
  };
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === "tls",
    requireTLS: smtp.security === "starttls",
    ignoreTLS: smtp.security === "none",
    ...(smtp.user !== undefined && { auth: { user: smtp.user, pass: smtp.password ?? "" } }),
    ...(smtp.caFile !== undefined && { tls: { ca: readFileSync(smtp.caFile) } }),
    ...timeouts,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const tooLong = new Promise<Attempt>((resolve) =>
    setTimeout(
      () => resolve({ outcome: "again", error: tooLongInWords(smtp), retryAfterMs: null }),
      ATTEMPT_TIMEOUT_MS,
    ).unref(),
  );
  const { message } = taken;
  // A mail client shows what fired, its repeats and its end as one conversation.
  const thread = `<${taken.dedupKey}@flowtap>`;
  const sent = transport
    .sendMail({
      from,
      to,
      subject: subjectOf(message),
      text: textOf(message),
      html: htmlOf(message),
      messageId: `<${messageIdOf(taken)}@flowtap>`,
      inReplyTo: thread,
      references: thread,
      headers: {
        "auto-submitted": "auto-generated",
        ...(message.severity === "critical" && message.kind === "firing" && { importance: "high" }),
      },
    })
    .then(
      (): Attempt => ({ outcome: "sent" }),
      (error: unknown) => readEmailFault(error, smtp),
    );
  return Promise.race([sent, tooLong]).finally(() => transport.close());
}

const subjectOf = (message: AlertMessage): string =>
  cutText(
    `[${message.kind === "firing" ? message.severity : message.kind}] ${message.title}`.replace(/[\p{Cc}\s]+/gu, " "),
    200,
  );

type Alert = AlertMessage["alerts"][number];

/** What an alert is about, always with its cluster. */
function subjectNameOf({ about, cluster, group }: Alert): string {
  if (about === "cluster") return cluster;
  return `${cluster} / ${group === "" ? "dead letters" : group}`;
}

function textOf(message: AlertMessage): string {
  const alerts = message.alerts.flatMap((alert) => [
    "",
    `${subjectNameOf(alert)}: ${alert.sentence}.`,
    ...alert.facts.map(({ label, value }) => `  ${label}: ${value}`),
    `  ${alert.url}`,
  ]);
  const left = message.total - message.alerts.length;
  return [
    `${message.sentence}.`,
    ...alerts,
    ...(left > 0 ? ["", `…and ${left} more.`] : []),
    "",
    `Rule ${message.rule} · ${message.severity}`,
    message.url,
    "",
  ].join("\n");
}

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
const COLOUR = { critical: "#c4262d", warning: "#8f5400", info: "#1f5fd0" } as const;

const CELL_BORDER = "border-top:1px solid #e2e6eb";
const STYLE = {
  body: "margin:0;padding:16px;background:#f6f7f9;font:14px/1.45 system-ui,sans-serif;color:#14181d",
  frame: "max-width:640px;width:100%;margin:0 auto;background:#fff;border:1px solid #e2e6eb",
  corners: "border-radius:8px;border-collapse:separate;border-spacing:0",
  titleCell: "padding:14px 16px",
  title: "font-size:16px;font-weight:600",
  sentence: "color:#55606d",
  alertCell: `padding:12px 16px;${CELL_BORDER}`,
  alertName: "color:#14181d;font-weight:600;text-decoration:none",
  facts: "margin-top:6px;font-size:13px;border-collapse:collapse",
  factLabel: "padding:1px 12px 1px 0;color:#5f6a77",
  moreCell: `padding:8px 16px;${CELL_BORDER};color:#5f6a77`,
  footerCell: `padding:12px 16px;${CELL_BORDER}`,
  link: "color:#1f5fd0",
  muted: "color:#5f6a77",
} as const;

/** Tables and inline styles: all that every mail program shows alike. */
function htmlOf(message: AlertMessage): string {
  const color = message.kind === "resolved" ? "#14734b" : COLOUR[message.severity];
  const left = message.total - message.alerts.length;
  const title = `<div style="${STYLE.title}">${escape(message.title)}</div>`;
  const sentence = message.total === 1 ? "" : `<div style="${STYLE.sentence}">${escape(message.sentence)}.</div>`;
  const more = left > 0 ? `<tr><td style="${STYLE.moreCell}">…and ${left} more</td></tr>` : "";
  const link = `<a href="${escape(message.url)}" style="${STYLE.link}">Open in Flowtap</a>`;
  const rule = `<span style="${STYLE.muted}">· rule ${escape(message.rule)} · ${message.severity}</span>`;
  return `<!doctype html><html><body style="${STYLE.body}">
<table role="presentation" style="${STYLE.frame};border-left:4px solid ${color};${STYLE.corners}">
<tr><td style="${STYLE.titleCell}">${title}${sentence}</td></tr>
${message.alerts.map(alertHtml).join("\n")}
${more}
<tr><td style="${STYLE.footerCell}">${link} ${rule}</td></tr>
</table></body></html>`;
}

function alertHtml(alert: Alert): string {
  const name = `<a href="${escape(alert.url)}" style="${STYLE.alertName}">${escape(nameOf(alert))}</a>`;
  const cluster = `<span style="${STYLE.muted}">${alert.group === "" ? "" : escape(alert.cluster)}</span>`;
  return `<tr><td style="${STYLE.alertCell}">
${name} ${cluster}<br>
${escape(alert.sentence)}.
<table style="${STYLE.facts}">${alert.facts.map(factHtml).join("")}</table></td></tr>`;
}

const factHtml = ({ label, value }: Alert["facts"][number]): string =>
  `<tr><td style="${STYLE.factLabel}">${escape(label)}</td><td>${escape(value)}</td></tr>`;
