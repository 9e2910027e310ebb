/** Words for triage decisions about a failure. */
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
    failed: "The failure could not be resolved",
    description:
      "Marks all its dead letters as resolved without replaying them; those in a running replay are not changed. " +
      "The next dead letter with this cause reopens the failure.",
  },
  reopen: {
    title: "Reopen this failure",
    action: "Reopen",
    done: "Reopened",
    failed: "The failure could not be reopened",
    description: "Dead letters that were resolved by hand, without a replay, are open again. A snooze ends.",
  },
  snooze: {
    title: "Snooze this failure",
    action: "Snooze",
    done: "Snoozed",
    failed: "The failure could not be snoozed",
    description:
      "Hides it from the open list until then, or until it gets worse: at least ten new dead letters, " +
      "and more than twice as many as in the same time before (at least an hour).",
  },
  merge: {
    title: "Merge into another failure",
    action: "Merge",
    done: "Merged",
    failed: "The failures could not be merged",
    description: "Both are shown and counted as one, under the name of the other. You can unmerge them later.",
  },
  split: {
    title: "Unmerge this failure",
    action: "Unmerge",
    done: "Unmerged",
    failed: "The failure could not be unmerged",
    description: "The merged failure is separate again, in its previous state.",
  },
};

/** The last triage decision as a sentence; null when none is in force. */
export function triageSentence(
  { triage, state }: Pick<FailureGroupRow, "triage" | "state">,
  zone: "utc" | "local",
): string | null {
  if (triage === null) return null;
  const at = (time: string): string =>
    `${absolute(Date.parse(time), zone).slice(0, 16)}${zone === "utc" ? " UTC" : ""}`;
  const since = plural(triage.eventsSince, "dead letter");
  const cameBack = triage.cameBackAt === null ? "Came back" : `Came back at ${at(triage.cameBackAt)}`;
  const changedAt = at(triage.changedAt);
  const gotWorse = `Got worse since ${triage.changedBy} snoozed it at ${changedAt}`;
  switch (triage.reopened) {
    case "came_back":
      return `${cameBack} after ${triage.changedBy} resolved it at ${changedAt}: ${since} since.`;
    case "got_worse":
      return `${gotWorse}: ${since}, more than twice as many as before.`;
    case "snooze_over":
      return `The snooze by ${triage.changedBy} has ended: ${since} since.`;
    case null:
      if (state === "snoozed" && triage.snoozedUntil !== null)
        return `Snoozed until ${at(triage.snoozedUntil)} by ${triage.changedBy}, unless it gets worse.`;
      return state === "resolved" && triage.status === "resolved"
        ? `Resolved at ${changedAt} by ${triage.changedBy}.`
        : null;
  }
}
