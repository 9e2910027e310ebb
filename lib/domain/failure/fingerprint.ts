import { hash64Hex } from "../message/hash.ts";
import { cutText } from "../text/text.ts";
import { ERROR_EVENT_FORMAT, type ErrorEventFacts } from "./error-event.ts";
import type { DeadLetterFacts } from "./facts.ts";
import { maskVolatile } from "./mask.ts";
import { readStack } from "./stack.ts";

const maxInputChars = 16_384;
const maxTitleChars = 200;

/**
 * The same failure has the same fingerprint (16 hex digits), whichever event, topic or framework it happened to; the
 * title says it in a line.
 */
interface Fingerprint {
  readonly fingerprint: string;
  readonly title: string;
}

/**
 * Groups by root-cause type, own code at the root cause, event type, group and stage; by the masked message only
 * where no frame is known. The idea is ServiceControl's "exception type and stack trace", from the root cause instead
 * of the wrapper.
 */
export function fingerprintOf(facts: DeadLetterFacts, eventType: string | null): Fingerprint {
  const stack = readStack(facts.stack, facts.message);
  const type = stack.rootType ?? facts.rootCauseClass ?? facts.exceptionClass;
  const message = maskedLine(stack.rootMessage ?? facts.message);
  const identity = [type, stack.frame ?? message, eventType, facts.consumerGroup, facts.stage];
  return {
    fingerprint: hash64Hex(identity.map((part) => part ?? "").join("\u0000")),
    title: titleOf(type, message, stack.frame, facts.stage),
  };
}

/** Error events are the same failure when type and masked message are; without a type, the topic stands in for it. */
export function fingerprintOfErrorEvent(
  { message }: ErrorEventFacts,
  eventType: string | null,
  topic: string,
): Fingerprint {
  const masked = maskedLine(message);
  const type = eventType ?? topic;
  return {
    fingerprint: hash64Hex([ERROR_EVENT_FORMAT, type, masked ?? ""].join("\u0000")),
    title: cutText(masked === null ? type : `${type}: ${masked}`, maxTitleChars),
  };
}

function maskedLine(message: string | null): string | null {
  if (message === null) return null;
  const line = cutText(message, maxInputChars).split("\n", 1)[0] as string;
  return cutText(maskVolatile(line), 500).trim() || null;
}

function titleOf(type: string | null, message: string | null, frame: string | null, stage: string | null): string {
  const what = [type === null ? null : lastSegments(type, 1), message === null ? null : cutText(message, 120)]
    .filter((part) => part !== null)
    .join(": ");
  const where = frame === null ? "" : ` in ${lastSegments(frame, 2)}`;
  return cutText(`${what || (stage ?? "No reason given")}${where}`, maxTitleChars);
}

/** The last n dotted segments of a class or method name; a name with a file beside it stays whole. */
function lastSegments(name: string, n: number): string {
  return name.includes(" ") ? name : name.split(/[.+]/).slice(-n).join(".");
}
