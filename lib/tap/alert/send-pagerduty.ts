import { cutText } from "#lib/domain/text/text.ts";
import type { ChannelOf } from "#lib/config/alert-channels.ts";
import type { Attempt } from "#lib/domain/alert/attempts.ts";
import { nameOf } from "#lib/domain/alert/message.ts";
import type { TakenDelivery } from "#lib/store/alerts/outbox.ts";
import { postJson } from "./post.ts";

const MOST_SUMMARY_CHARS = 1024;

/** Events API v2. Its own key makes repeats harmless: one incident from the first `trigger` to the `resolve`. */
export async function sendPagerDuty(channel: ChannelOf<"pagerduty">, taken: TakenDelivery): Promise<Attempt> {
  const post = (action: "trigger" | "resolve") =>
    postJson(channel.url, JSON.stringify(pagerDutyEvent(channel.routingKey, taken, action)), {});
  if (taken.kind === "resolved") return post("resolve");
  const triggered = await post("trigger");
  // A test must leave nothing open.
  return taken.kind === "test" && triggered.outcome === "sent" ? post("resolve") : triggered;
}

function pagerDutyEvent(
  routingKey: string,
  { dedupKey, message }: Pick<TakenDelivery, "dedupKey" | "message">,
  action: "trigger" | "resolve",
): object {
  const [first] = message.alerts;
  return {
    routing_key: routingKey,
    event_action: action,
    dedup_key: dedupKey,
    client: "Flowtap",
    client_url: message.url,
    links: [{ href: message.url, text: "Open in Flowtap" }],
    payload: {
      summary: cutText(`${message.title}: ${message.sentence}`, MOST_SUMMARY_CHARS),
      source: first?.cluster ?? "flowtap",
      severity: message.severity,
      component: first === undefined ? "flowtap" : nameOf(first),
      class: first?.cause ?? first?.verdict ?? message.kind,
      group: message.rule,
      ...(first !== undefined && { timestamp: first.firedAt }),
      custom_details: Object.fromEntries(
        message.alerts.map((alert) => [
          alert.about === "cluster" ? alert.cluster : `${alert.cluster}/${alert.group}`,
          {
            why: alert.sentence,
            url: alert.url,
            ...Object.fromEntries(alert.facts.map(({ label, value }) => [label, value])),
          },
        ]),
      ),
    },
  };
}
