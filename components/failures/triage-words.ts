/** What people decided about a failure, in words. */
import { absolute, plural } from "#components/ui/format.ts";
import type { FailureGroupRow } from "#lib/contracts/failures.ts";

export type TriageAction = "resolve" | "reopen" | "snooze" | "merge" | "split";

export const TRIAGE_ACTIONS: Readonly<
  Record<
    TriageAction,
    {
      readonly title: string;
      readonly description: string;
      readonly action: string;
      readonly done: string;
      readonly failed: string;
    }
  >
> = {
  resolve: {
    title: "Resolve this failure",
    action: "Resolve",
    done: "Resolved",
    failed: "It could not be resolved",
    description:
      "All its dead letters count as done with, without being sent again; those of a running replay stay as they are. The next dead letter that fails like this opens it again and says so.",
  },
  reopen: {
    title: "Open this failure again",
    action: "Open again",
    done: "Open again",
    failed: "It could not be opened again",
    description: "What was resolved by hand without having been sent again is open again. A snooze ends.",
  },
  snooze: {
    title: "Snooze this failure",
    action: "Snooze",
    done: "Snoozed",
    failed: "It could not be snoozed",
    description:
      "It leaves the open list until then, or until it gets worse: ten dead letters or more since, and over twice as many as in as long a time before (an hour at least).",
  },
  merge: {
    title: "Merge into another failure",
    action: "Merge",
    done: "Merged: both are shown as one",
    failed: "It could not be merged",
    description: "Both are shown and counted as one, under the other’s name. It can be split off again.",
  },
  split: {
    title: "Split it off",
    action: "Split off",
    done: "It stands for itself again",
    failed: "It could not be split off",
    description: "The merged failure stands for itself again, as it was left before.",
  },
};

/** Why it stands where it stands; null: nobody decided anything that still counts. */
export function triageSentence(
  { triage: triage, state }: Pick<FailureGroupRow, "triage" | "state">,
  zone: "utc" | "local",
): string | null {
  if (triage === null) return null;
  const at = (time: string): string =>
    `${absolute(Date.parse(time), zone).slice(0, 16)}${zone === "utc" ? " UTC" : ""}`;
  const since = plural(triage.eventsSince, "dead letter");
  switch (triage.reopened) {
    case "came_back":
      return `Came back${triage.cameBackAt === null ? "" : ` at ${at(triage.cameBackAt)}`} after it was resolved at ${at(triage.changedAt)} by ${triage.changedBy}: ${since} since.`;
    case "got_worse":
      return `Got worse since ${triage.changedBy} snoozed it at ${at(triage.changedAt)}: ${since} since, over twice as many as before.`;
    case "snooze_over":
      return `The snooze of ${triage.changedBy} is over: ${since} since.`;
    case null:
      if (state === "snoozed" && triage.snoozedUntil !== null)
        return `Snoozed until ${at(triage.snoozedUntil)} by ${triage.changedBy}, unless it gets worse.`;
      return state === "resolved" && triage.status === "resolved"
        ? `Resolved at ${at(triage.changedAt)} by ${triage.changedBy}.`
        : null;
  }
}
