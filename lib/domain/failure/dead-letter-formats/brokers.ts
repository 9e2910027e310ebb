import { cutText } from "../../text/text.ts";
import type { HeaderIndex } from "../../message/headers.ts";
import { textOf } from "#lib/domain/message/header-text.ts";
import { smallIntegerOf } from "../../message/integers.ts";
import { parseEpochMs, parseTime } from "../../message/times.ts";
import { labelOf, messageOf, type KnownFacts } from "../facts.ts";
import type { DeadLetterFormat } from "./format.ts";

interface Death {
  queue: string | null;
  reason: string | null;
  count: number | null;
  timeMs: number | null;
}

/** Parses x-death, or x-opt-deaths of AMQP 1.0: a JSON array, newest first, one entry per queue and reason. */
function parseDeaths(json: string | null): readonly Death[] {
  if (json === null) return [];
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    return []; // Not JSON, so not written by our RabbitMQ reader; the x-first-death-* headers still name the origin.
  }
  const entries: unknown[] = Array.isArray(parsed) ? parsed.slice(0, 100) : [];
  return entries
    .filter((entry) => typeof entry === "object" && entry !== null)
    .map((entry) => {
      const fields = entry as Record<string, unknown>;
      const text = (name: string): string | null =>
        typeof fields[name] === "string" ? cutText(fields[name], 400) || null : null;
      return {
        queue: text("queue"),
        reason: text("reason"),
        count: typeof fields.count === "number" ? fields.count : null,
        timeMs: parseTime(text("time") ?? text("first-time")),
      };
    });
}

function readRabbit(headers: HeaderIndex): KnownFacts | null {
  const deaths = parseDeaths(textOf(headers.last("x-death") ?? headers.last("x-opt-deaths"), 16_384));
  const newest = deaths[0];
  const queue = labelOf(headers.last("x-first-death-queue")) ?? deaths.at(-1)?.queue ?? null;
  const stage =
    newest?.reason ?? labelOf(headers.last("x-last-death-reason")) ?? labelOf(headers.last("x-first-death-reason"));
  if (queue === null && stage === null) return null;
  // The consumers of a queue count as a consumer group with the queue's name.
  return {
    format: "rabbitmq",
    originalTopic: queue,
    consumerGroup: queue,
    originalTimestampMs: newest?.timeMs ?? null,
    attempt: newest?.count ?? null,
    stage,
  };
}

export const rabbitMq: DeadLetterFormat = {
  markers: ["x-death", "x-opt-deaths", "x-first-death-queue", "x-first-death-reason"],
  failureHeaders: ["x-death", "x-opt-deaths", "x-first-death-*", "x-last-death-*"],
  brokerOnly: true,
  read: readRabbit,
};

/** SQS writes where a message came from and how often it was received, but not why it failed. */
export const awsSqs: DeadLetterFormat = {
  markers: ["deadletterqueuesourcearn"],
  failureHeaders: ["deadletterqueuesourcearn"],
  brokerOnly: true,
  read: (headers) => ({
    format: "aws-sqs",
    originalTopic: labelOf(headers.last("deadletterqueuesourcearn"))?.split(":").at(-1) ?? null,
    originalTimestampMs: parseEpochMs(headers.text("senttimestamp", 32)),
    attempt: smallIntegerOf(headers.last("approximatereceivecount"), "text"),
  }),
};

const PUBSUB = "cloudpubsubdeadlettersource";

export const gcpPubSub: DeadLetterFormat = {
  markers: [`${PUBSUB}subscription`, `${PUBSUB}deliverycount`],
  failureHeaders: [`${PUBSUB}*`],
  brokerOnly: true,
  read: (headers) => ({
    format: "gcp-pubsub",
    consumerGroup: labelOf(headers.last(`${PUBSUB}subscription`)),
    originalTimestampMs: parseTime(headers.text(`${PUBSUB}topicpublishtime`, 64)),
    attempt: smallIntegerOf(headers.last(`${PUBSUB}deliverycount`), "text"),
    message: messageOf(headers.last(`${PUBSUB}deliveryerrormessage`)),
  }),
};
