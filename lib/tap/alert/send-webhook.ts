import { createHmac } from "node:crypto";
import type { ChannelOf } from "#lib/config/alert-channels.ts";
import type { Attempt } from "#lib/domain/alert/attempts.ts";
import type { TakenDelivery } from "#lib/store/alerts/outbox.ts";
import { postJson } from "./post.ts";

/** The same for every attempt of one message, and different for every message. */
export const messageIdOf = ({ id, dedupKey }: Pick<TakenDelivery, "id" | "dedupKey">): string => `${dedupKey}.${id}`;

/** docs/operations.md describes the request and its signature. */
export function sendWebhook(channel: ChannelOf<"webhook">, taken: TakenDelivery): Promise<Attempt> {
  const id = messageIdOf(taken);
  const body = JSON.stringify({ id, key: taken.dedupKey, ...taken.message });
  const atSeconds = Math.floor(Date.now() / 1000);
  const signature: Record<string, string> =
    channel.secret === undefined ? {} : { "flowtap-signature": signatureOf(body, atSeconds, channel.secret) };
  return postJson(channel.url, body, { ...channel.headers, ...signature, "idempotency-key": id });
}

function signatureOf(body: string, atSeconds: number, secret: string): string {
  const hmac = createHmac("sha256", secret).update(`${atSeconds}.${body}`).digest("hex");
  return `t=${atSeconds},v1=${hmac}`;
}
