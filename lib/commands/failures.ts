import type { AppError } from "#lib/contracts/errors.ts";
import type {
  FailureTriageAnswer,
  FailureTriageInput,
  FailureMergeInput,
  FailureNoteInput,
  FailureSnoozeInput,
} from "#lib/contracts/failure-triage.ts";
import { err, ok } from "#lib/domain/result.ts";
import {
  mergeFailure,
  noteFailure,
  reopenFailure,
  resolveFailure,
  snoozeFailure,
  splitFailure,
} from "#lib/store/failures/triage-change.ts";
import { invalid, type Actor, type Answer, type CommandDeps } from "./deps.ts";
import { storableText } from "#lib/domain/text/text.ts";
import type { TriageChange } from "#lib/store/failures/triage-transaction.ts";

const LONGEST_SNOOZE_MS = 90 * 86_400_000;

type Deps = Pick<CommandDeps, "prisma">;

export const resolveFailures = (
  deps: Deps,
  fingerprint: string,
  { reason }: FailureTriageInput,
  actor: Actor,
  nowMs: number,
): Answer<FailureTriageAnswer> =>
  answerOf(fingerprint, resolveFailure(deps.prisma, fingerprint, reason, actor, new Date(nowMs)));

export const reopenFailures = (
  deps: Deps,
  fingerprint: string,
  { reason }: FailureTriageInput,
  actor: Actor,
  nowMs: number,
): Answer<FailureTriageAnswer> =>
  answerOf(fingerprint, reopenFailure(deps.prisma, fingerprint, reason, actor, new Date(nowMs)));

/** Out of the open list until then, or until it gets worse. */
export async function snoozeFailures(
  deps: Deps,
  fingerprint: string,
  { until, reason }: FailureSnoozeInput,
  actor: Actor,
  nowMs: number,
): Answer<FailureTriageAnswer> {
  const untilMs = Date.parse(until);
  if (untilMs <= nowMs) return err(invalid("until", "must lie ahead"));
  if (untilMs > nowMs + LONGEST_SNOOZE_MS)
    return err(invalid("until", "may lie ninety days ahead at most; resolve it if nobody will look at it"));
  return answerOf(
    fingerprint,
    snoozeFailure(deps.prisma, fingerprint, new Date(untilMs), reason, actor, new Date(nowMs)),
  );
}

export const noteFailures = (
  deps: Deps,
  fingerprint: string,
  { text }: FailureNoteInput,
  actor: Actor,
  nowMs: number,
): Answer<FailureTriageAnswer> =>
  answerOf(fingerprint, noteFailure(deps.prisma, fingerprint, storableText(text), actor, new Date(nowMs)));

export const mergeFailures = (
  deps: Deps,
  fingerprint: string,
  { into, reason }: FailureMergeInput,
  actor: Actor,
  nowMs: number,
): Answer<FailureTriageAnswer> =>
  answerOf(fingerprint, mergeFailure(deps.prisma, fingerprint, into, reason, actor, new Date(nowMs)));

export const splitFailures = (
  deps: Deps,
  fingerprint: string,
  { reason }: FailureTriageInput,
  actor: Actor,
): Answer<FailureTriageAnswer> => answerOf(fingerprint, splitFailure(deps.prisma, fingerprint, reason, actor));

async function answerOf(fingerprint: string, changing: Promise<TriageChange>): Answer<FailureTriageAnswer> {
  const change = await changing;
  return change.done
    ? ok({ fingerprint: change.fingerprint, events: change.events })
    : err(explain(fingerprint, change.because));
}

function explain(fingerprint: string, because: Exclude<TriageChange, { done: true }>["because"]): AppError {
  switch (because) {
    case "not_found":
      return { code: "not_found", message: `The failure ${fingerprint} is not known to Flowtap.` };
    case "into_not_found":
      return invalid(
        "into",
        "There is no failure of this fingerprint. Open the one to merge into and copy its fingerprint.",
      );
    case "into_itself":
      return { code: "conflict", message: "The two are shown as one already." };
    case "not_merged":
      return { code: "conflict", message: `The failure ${fingerprint} is merged into no other.` };
  }
}
