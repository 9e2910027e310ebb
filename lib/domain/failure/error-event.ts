import type { HeaderIndex } from "../message/headers.ts";
import { jsonObjectOf } from "../observe/envelope.ts";
import { parseJsonPath, textAtPath, type JsonPath } from "../message/json-path.ts";
import { cleanText, cutText } from "../text/text.ts";
import { topicMatches } from "../text/glob.ts";
import { maxMessageBytes, messageOf } from "./facts.ts";

/** The `format` of failures that are error events, not dead letters. */
export const ERROR_EVENT_FORMAT = "error-event";

/** Declares the events of a type, a topic (globs), or both, as error events, and where their error message is. */
export interface ErrorEventRule {
  readonly topic?: string | undefined;
  readonly type?: string | undefined;
  readonly messageHeader?: string | undefined;
  readonly messageJsonPath?: string | undefined;
}

/** What is read from an error event. The message has at most 2 KiB; null if there is none. */
export interface ErrorEventFacts {
  readonly message: string | null;
}

export interface CompiledErrorEvent {
  readonly type: string | null;
  readonly header: string | null;
  readonly path: JsonPath | null;
}

/** The rules that can match on a topic, prepared for use on each of its records. */
export const errorEventsOn = (topic: string, rules: readonly ErrorEventRule[]): readonly CompiledErrorEvent[] =>
  rules
    .filter((rule) => rule.topic === undefined || topicMatches(rule.topic, topic))
    .map(({ type, messageHeader, messageJsonPath }) => ({
      type: type ?? null,
      header: messageHeader?.toLowerCase() ?? null,
      path: messageJsonPath === undefined ? null : parseJsonPath(messageJsonPath),
    }));

/**
 * What the first matching rule finds; null if no rule matches. The body is parsed only if the message is read from it.
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
