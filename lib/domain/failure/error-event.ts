import type { HeaderIndex } from "../message/headers.ts";
import { jsonObjectOf } from "../observe/envelope.ts";
import { parseJsonPath, textAtPath, type JsonPath } from "../message/json-path.ts";
import { cleanText, cutText } from "../text/text.ts";
import { topicMatches } from "../text/glob.ts";
import { maxMessageBytes, messageOf } from "./facts.ts";

/** How failures of this kind are marked beside those that dead letters tell of. */
export const ERROR_EVENT_FORMAT = "error-event";

/**
 * Which events tell of an error: of this type, on this topic (globs), or both where both are given; and where
 * its text stands.
 */
export interface ErrorEventRule {
  readonly topic?: string | undefined;
  readonly type?: string | undefined;
  readonly messageHeader?: string | undefined;
  readonly messageJsonPath?: string | undefined;
}

/** What an error event says; null is "not told", at most 2 KiB. */
export interface ErrorEventFacts {
  readonly message: string | null;
}

export interface CompiledErrorEvent {
  readonly type: string | null;
  readonly header: string | null;
  readonly path: JsonPath | null;
}

/** The rules that may hold on a topic, ready for each of its records. */
export const errorEventsOn = (topic: string, rules: readonly ErrorEventRule[]): readonly CompiledErrorEvent[] =>
  rules
    .filter((rule) => rule.topic === undefined || topicMatches(rule.topic, topic))
    .map(({ type, messageHeader, messageJsonPath }) => ({
      type: type ?? null,
      header: messageHeader?.toLowerCase() ?? null,
      path: messageJsonPath === undefined ? null : parseJsonPath(messageJsonPath),
    }));

/**
 * What the first rule that holds finds; null: the event tells of no error. The body is opened only where the
 * text stands there.
 */
export function readErrorEvent(
  rules: readonly CompiledErrorEvent[],
  eventType: string | null,
  headers: HeaderIndex,
  body: Uint8Array | null,
): ErrorEventFacts | null {
  const rule = rules.find(({ type }) => type === null || (eventType !== null && topicMatches(type, eventType)));
  if (rule === undefined) return null;
  return {
    message:
      (rule.header === null ? null : messageOf(headers.last(rule.header))) ??
      (rule.path === null ? null : textIn(body, rule.path)),
  };
}

function textIn(body: Uint8Array | null, path: JsonPath): string | null {
  const object = jsonObjectOf(body);
  const text = object === null ? null : textAtPath(object, path);
  return text === null ? null : cleanText(cutText(text, maxMessageBytes)) || null;
}
