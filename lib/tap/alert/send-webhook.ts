import { createHmac } from "node:crypto";
import type { ChannelOf } from "#lib/config/alerts.ts";
import type { Attempt } from "#lib/domain/alert/attempts.ts";
import type { TakenDelivery } from "#lib/store/alerts/outbox.ts";
import { postJson } from "./post.ts";

/** The same on every attempt, and of no other message. */
export const messageIdOf = ({ id, dedupKey }: Pick<TakenDelivery, "id" | "dedupKey">): string => `${dedupKey}.${id}`;

/** As docs/operations.md describes it. */
export function sendWebhook(channel: ChannelOf<"webhook">, taken: TakenDelivery): Promise<Attempt> {
  const id = messageIdOf(taken);
  const body = JSON.stringify({ id, key: taken.dedupKey, ...taken.message });
  const atSeconds = Math.floor(Date.now() / 1000);
  const signature: Record<string, string> =
    channel.secret === undefined
      ? {}
      : {
          "flowtap-signature": `t=${atSeconds},v1=${createHmac("sha256", channel.secret).update(`${atSeconds}.${body}`).digest("hex")}`,
        };
  return postJson(channel.url, body, { ...channel.headers, ...signature, "idempotency-key": id });
}
