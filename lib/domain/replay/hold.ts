/** What keeps a run that is not over from going on. Stored as it is here; put into words by `holdText` alone. */
import { cutText } from "../text/text.ts";
/** The rule of a redrive that has paused it. */
export type GuardRule =
  | { readonly rule: "canary_failed_again"; readonly sent: number; readonly failedAgain: number }
  | { readonly rule: "canary_not_sent"; readonly items: number }
  | {
      readonly rule: "canary_not_verified";
      readonly sent: number;
      readonly verified: number;
      readonly timeoutSeconds: number;
    }
  | {
      readonly rule: "too_many_failed_again";
      readonly verified: number;
      readonly failedAgain: number;
      /** the share that was allowed, 0 to 1 */
      readonly stopAbove: number;
    }
  | {
      readonly rule: "group_not_consuming";
      readonly group: string;
      readonly cause: string;
      /** the cause in the words of the monitor; null: none were stored */
      readonly reason: string | null;
    };

/** A run waits, and goes on by itself. */
export type Wait =
  | {
      readonly kind: "waiting_for_empty_group";
      readonly group: string;
      /** the group's state as the broker names it */
      readonly state: string;
      /** `MAX_MEMBERS_KEPT` at most */
      readonly members: readonly { readonly clientId: string; readonly host: string }[];
      readonly memberCount: number;
    }
  | { readonly kind: "waiting_for_transaction"; readonly topic: string; readonly partition: number }
  | { readonly kind: "held_up"; readonly reason: string };

/** A run has paused itself; a person resumes it. */
export type SelfPause =
  | ({ readonly kind: "paused_by_guard" } & GuardRule)
  | { readonly kind: "refused_by_broker"; readonly reason: string };

export type Hold = Wait | SelfPause;

export const MAX_MEMBERS_KEPT = 20;
const MAX_TEXT_CHARS = 500;

export function holdText(hold: Hold): string {
  return cutText(sentenceOf(hold), MAX_TEXT_CHARS);
}

function sentenceOf(hold: Hold): string {
  switch (hold.kind) {
    case "waiting_for_empty_group":
      return `waits for ${hold.group} to be empty: ${connectedText(hold)}`;
    case "waiting_for_transaction":
      return `Waits for an open transaction of another producer on ${hold.topic}[${hold.partition}] to end`;
    case "held_up":
      return `Held up, will be tried again: ${hold.reason}`;
    case "refused_by_broker":
      return `The broker refuses it: ${hold.reason}`;
    case "paused_by_guard":
      return guardText(hold);
  }
}

function connectedText({
  state,
  members: [first],
  memberCount,
}: Extract<Hold, { kind: "waiting_for_empty_group" }>): string {
  if (first === undefined) return `it is ${state}`;
  const name = `${first.clientId} on ${first.host}`;
  return memberCount === 1 ? `${name} is connected` : `${name} and ${memberCount - 1} more are connected`;
}

function guardText(stop: GuardRule): string {
  switch (stop.rule) {
    case "canary_failed_again":
      return `${stop.failedAgain} of the ${events(stop.sent)} sent first failed again. The rest was not sent.`;
    case "canary_not_sent":
      return `None of the ${events(stop.items)} to be sent first could be sent. The rest was not tried.`;
    case "canary_not_verified": {
      const verified = `${stop.verified} ${stop.verified === 1 ? "was" : "were"} seen consumed`;
      const inTime = `only ${verified} within ${stop.timeoutSeconds} s`;
      return `Of the ${events(stop.sent)} sent first ${inTime}. The rest was not sent.`;
    }
    case "too_many_failed_again": {
      const allowed = `more than ${Math.round(stop.stopAbove * 100)} %`;
      return `${stop.failedAgain} of the last ${stop.verified} verified failed again: ${allowed}.`;
    }
    case "group_not_consuming":
      return `${stop.group} does not consume any more: ${stop.reason ?? stop.cause.replaceAll("_", " ")}`;
  }
}

const events = (count: number): string => (count === 1 ? "1 event" : `${count} events`);
