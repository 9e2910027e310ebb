import type { ChannelOf } from "#lib/config/alert-channels.ts";
import type { Attempt } from "#lib/domain/alert/attempts.ts";
import { nameOf, type AlertMessage } from "#lib/domain/alert/message.ts";
import type { TakenDelivery } from "#lib/store/alerts/outbox.ts";
import { postJson } from "./post.ts";

const COLOUR = { critical: "#d92f37", warning: "#e8a23d", info: "#6ea8fe", over: "#3fb68b" } as const;
const MOST_ATTACHMENTS = 10;

/**
 * Escapes Slack's markup. A zero-width space keeps `@channel` in a name from notifying everybody in Mattermost.
 */
const plain = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("@", "@\u200b");
const link = (url: string, text: string): string => `<${url}|${plain(text).replaceAll("|", "¦")}>`;

export const sendSlack = (channel: ChannelOf<"slack">, { message }: TakenDelivery): Promise<Attempt> =>
  postJson(channel.url, JSON.stringify(slackMessage(message)), {});

/** Attachments rather than blocks: Mattermost, Discord and Rocket.Chat take those too. */
function slackMessage(message: AlertMessage): object {
  const over = message.kind === "resolved";
  const sign = over ? "✅" : message.kind === "test" ? "🔔" : message.severity === "critical" ? "🔴" : "🟠";
  const color = over ? COLOUR.over : COLOUR[message.severity];
  const attachments = message.alerts.slice(0, MOST_ATTACHMENTS).map((alert) => ({
    color,
    fallback: plain(`${nameOf(alert)}: ${alert.sentence}`),
    title: plain(message.total > 1 ? `${nameOf(alert)} · ${alert.title}` : alert.title),
    title_link: alert.url,
    text: plain(alert.sentence),
    ...(!over && {
      fields: alert.facts
        .slice(0, 6)
        .map(({ label, value }) => ({ title: plain(label), value: plain(value), short: value.length < 40 })),
    }),
    footer: plain(`${alert.cluster} · rule ${message.rule} · ${message.severity}`),
    ts: Math.floor(Date.parse(alert.resolvedAt ?? alert.firedAt) / 1000),
  }));
  const left = message.total - attachments.length;
  const title = `${sign} *${link(message.url, message.title)}*`;
  const sentence = message.total === 1 ? "" : `\n${plain(message.sentence)}`;
  const more = attachments.length > 0 && left > 0 ? `\n…and ${left.toLocaleString("en-US")} more` : "";
  return { text: `${title}${sentence}${more}`, attachments };
}
