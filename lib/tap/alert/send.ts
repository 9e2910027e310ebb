/**
 * Takes what is due from the outbox and hands it over. That an attempt begins is committed before it is made, so a
 * process that dies in between leaves a message that is tried again under the same key, never one that is lost.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import type { AlertChannel } from "#lib/config/alert-channels.ts";
import { GIVE_UP_AFTER_MS, pauseAfter, type Attempt } from "#lib/domain/alert/attempts.ts";
import { cleanText, cutText } from "#lib/domain/text/text.ts";
import { settleDelivery, takeDelivery, type TakenDelivery } from "#lib/store/alerts/outbox.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { sendEmail } from "./send-email.ts";
import { sendPagerDuty } from "./send-pagerduty.ts";
import { sendSlack } from "./send-slack.ts";
import { sendWebhook } from "./send-webhook.ts";

/** Longer than any attempt lasts. */
const LEASE_MS = 15_000;
const MOST_AT_ONCE = 4;
/** A channel that hangs must leave room for the others. */
const MOST_PER_CHANNEL = 2;
const SETTLE_TRIES = 5;
const SETTLE_PAUSE_MS = 500;
const MOST_ERROR_CHARS = 500;

export interface Sender {
  /** Begins the attempts that are due, as far as the limits allow; does not wait for them. */
  sendDue(client: pg.Client): Promise<void>;
  /** Resolves when no attempt is running. */
  idle(): Promise<void>;
}

export function openSender({
  channels,
  pool,
  log,
}: {
  readonly channels: readonly AlertChannel[];
  readonly pool: pg.Pool;
  readonly log: Logger;
}): Sender {
  const byName = new Map(channels.map((channel) => [channel.name, channel]));
  const underWay = new Map<bigint, { readonly channel: string; readonly done: Promise<void> }>();

  async function deliver(taken: TakenDelivery): Promise<void> {
    const channel = byName.get(taken.channel);
    const attempt =
      channel === undefined
        ? ({ outcome: "refused", error: `The channel ${taken.channel} is no longer in the configuration` } as const)
        : await handOver(channel, taken);
    await settle(taken, attempt);
  }

  async function settle(taken: TakenDelivery, attempt: Attempt): Promise<void> {
    const about = { delivery: String(taken.id), channel: taken.channel, attempts: taken.attempts };
    const givenUp = attempt.outcome === "again" && Date.now() - taken.createdAtMs > GIVE_UP_AFTER_MS;
    const error =
      attempt.outcome === "sent"
        ? null
        : cutText(cleanText(`${attempt.error}${givenUp ? "; given up after a day" : ""}`), MOST_ERROR_CHARS);
    const status =
      attempt.outcome === "sent" ? "sent" : attempt.outcome === "refused" || givenUp ? "failed" : "pending";
    const pauseMs = attempt.outcome === "again" ? pauseAfter(taken.attempts, attempt.retryAfterMs, Math.random()) : 0;
    if (error !== null) log.warn({ ...about, reason: error, status }, "an alert was not taken");
    for (let tries = 1; ; tries++) {
      try {
        return await settleDelivery(pool, taken, { status, error, pauseMs });
      } catch (fault) {
        if (tries < SETTLE_TRIES) await sleep(SETTLE_PAUSE_MS * tries);
        else
          return log.warn(
            { ...about, err: fault, status },
            "how an alert was taken could not be noted; it will be sent again under the same key",
          );
      }
    }
  }

  return {
    sendDue: async (client) => {
      while (underWay.size < MOST_AT_ONCE) {
        const perChannel = Map.groupBy(underWay.values(), ({ channel }) => channel);
        const full = [...perChannel].filter(([, all]) => all.length >= MOST_PER_CHANNEL).map(([channel]) => channel);
        const taken = await takeDelivery(client, full, [...underWay.keys()], LEASE_MS);
        if (taken === null) return;
        underWay.set(taken.id, {
          channel: taken.channel,
          done: deliver(taken).finally(() => underWay.delete(taken.id)),
        });
      }
    },
    idle: async () => void (await Promise.all([...underWay.values()].map(({ done }) => done))),
  };
}

async function handOver(channel: AlertChannel, taken: TakenDelivery): Promise<Attempt> {
  try {
    switch (channel.kind) {
      case "webhook":
        return await sendWebhook(channel, taken);
      case "slack":
        return await sendSlack(channel, taken);
      case "email":
        return await sendEmail(channel, taken);
      case "pagerduty":
        return await sendPagerDuty(channel, taken);
    }
  } catch (error) {
    return { outcome: "again", error: error instanceof Error ? error.message : String(error), retryAfterMs: null };
  }
}
