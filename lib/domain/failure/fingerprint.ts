import { hash64Hex } from "../message/hash.ts";
import { cutText } from "../text/text.ts";
import { ERROR_EVENT_FORMAT, type ErrorEventFacts } from "./error-event.ts";
import type { DeadLetterFacts } from "./facts.ts";
import { maskVolatile } from "./mask.ts";
import { readStack } from "./stack.ts";

const maxInputChars = 16_384;
const maxTitleChars = 200;

/**
 * Identifies a failure: 16 hex digits, the same for the same failure whatever the event, topic or framework. The title
 * describes it in one line.
 */
interface Fingerprint {
  readonly fingerprint: string;
  readonly title: string;
}

/**
 * The fingerprint of a dead letter: a hash of the root cause's type, the first frame of own code there, event type,
 * group and stage. Without a frame the masked message takes its place. The idea is the classifier "exception type and
 * stack trace" of Particular's ServiceControl, applied to the root cause instead of the wrapper.
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

/** The fingerprint of an error event: a hash of its type (the topic if it has none) and its masked message. */
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

/** The last n dotted segments of a class or method name; a name with a file is returned as it is. */
function lastSegments(name: string, n: number): string {
  return name.includes(" ") ? name : name.split(/[.+]/).slice(-n).join(".");
}
