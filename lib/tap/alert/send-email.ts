import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";
import type { ChannelOf } from "#lib/config/alerts.ts";
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
  `[${message.kind === "firing" ? message.severity : message.kind}] ${message.title}`
    .replace(/[\p{Cc}\s]+/gu, " ")
    .slice(0, 200);

function textOf(message: AlertMessage): string {
  const alerts = message.alerts.flatMap((alert) => [
    "",
    `${alert.about === "cluster" ? alert.cluster : `${alert.cluster} / ${alert.group === "" ? "dead letters" : alert.group}`}: ${alert.sentence}.`,
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

/** Tables and inline styles: all that every mail program shows alike. */
function htmlOf(message: AlertMessage): string {
  const color = message.kind === "resolved" ? "#14734b" : COLOUR[message.severity];
  const alerts = message.alerts.map(
    (alert) => `<tr><td style="padding:12px 16px;border-top:1px solid #e2e6eb">
<a href="${escape(alert.url)}" style="color:#14181d;font-weight:600;text-decoration:none">${escape(nameOf(alert))}</a> <span style="color:#5f6a77">${alert.group === "" ? "" : escape(alert.cluster)}</span><br>
${escape(alert.sentence)}.
<table style="margin-top:6px;font-size:13px;border-collapse:collapse">${alert.facts.map(({ label, value }) => `<tr><td style="padding:1px 12px 1px 0;color:#5f6a77">${escape(label)}</td><td>${escape(value)}</td></tr>`).join("")}</table></td></tr>`,
  );
  const left = message.total - message.alerts.length;
  return `<!doctype html><html><body style="margin:0;padding:16px;background:#f6f7f9;font:14px/1.45 system-ui,sans-serif;color:#14181d">
<table role="presentation" style="max-width:640px;width:100%;margin:0 auto;background:#fff;border:1px solid #e2e6eb;border-left:4px solid ${color};border-radius:8px;border-collapse:separate;border-spacing:0">
<tr><td style="padding:14px 16px"><div style="font-size:16px;font-weight:600">${escape(message.title)}</div>${message.total === 1 ? "" : `<div style="color:#55606d">${escape(message.sentence)}.</div>`}</td></tr>
${alerts.join("\n")}
${left > 0 ? `<tr><td style="padding:8px 16px;border-top:1px solid #e2e6eb;color:#5f6a77">…and ${left} more</td></tr>` : ""}
<tr><td style="padding:12px 16px;border-top:1px solid #e2e6eb"><a href="${escape(message.url)}" style="color:#1f5fd0">Open in Flowtap</a> <span style="color:#5f6a77">· rule ${escape(message.rule)} · ${message.severity}</span></td></tr>
</table></body></html>`;
}
