import { z } from "zod";
import {
  mergeFailures,
  noteFailures,
  reopenFailures,
  resolveFailures,
  snoozeFailures,
  splitFailures,
} from "#lib/commands/failures.ts";
import {
  FailureTriageAnswer,
  FailureTriageInput,
  FailureMergeInput,
  FailureNoteInput,
  FailureSnoozeInput,
} from "#lib/contracts/failure-triage.ts";
import {
  FailureFatesView,
  FailureGroupView,
  FailureQuery,
  FailureSpreadView,
  FailuresQuery,
  FailuresView,
} from "#lib/contracts/failures.ts";
import { getFailureFates, getFailureSpread } from "#lib/queries/failure-spread.ts";
import { getFailureGroup, listFailures } from "#lib/queries/failures.ts";
import { route } from "../route.ts";
import { actorOf, FingerprintPath } from "./shared.ts";

const DeadLetterPath = FingerprintPath.extend({
  id: z
    .string()
    .regex(/^\d{1,18}$/, "must be a dead letter's id")
    .transform(BigInt),
});
const WRITE = { role: "operator", params: FingerprintPath, answer: FailureTriageAnswer } as const;

export const FAILURE_ROUTES = {
  "GET /api/failures": route({
    summary: "Dead letters by fingerprint",
    role: "viewer",
    query: FailuresQuery,
    answer: FailuresView,
    handle: ({ queries }, { query }) => listFailures(queries, query),
  }),
  "GET /api/failures/{fingerprint}": route({
    summary: "The dead letters of one fingerprint",
    role: "viewer",
    params: FingerprintPath,
    query: FailureQuery,
    answer: FailureGroupView,
    handle: ({ queries }, { params, query }) => getFailureGroup(queries, { ...params, query }),
  }),
  "GET /api/failures/{fingerprint}/spread": route({
    summary: "What the dead letters of a failure have in common, and similar failures",
    role: "viewer",
    params: FingerprintPath,
    answer: FailureSpreadView,
    handle: ({ queries }, { params }) => getFailureSpread(queries, params.fingerprint),
  }),
  "GET /api/failures/{fingerprint}/events/{id}/fates": route({
    summary: "The fate of one dead letter's event in every group",
    role: "viewer",
    params: DeadLetterPath,
    answer: FailureFatesView,
    handle: ({ queries }, { params }) => getFailureFates(queries, params.id),
  }),
  "POST /api/failures/{fingerprint}/resolve": route({
    ...WRITE,
    summary: "Resolves all dead letters of a failure, except those in a running replay",
    body: FailureTriageInput,
    handle: ({ commands, queries }, { params, body, identity }) =>
      resolveFailures(commands, params.fingerprint, body, actorOf(identity), queries.now()),
  }),
  "POST /api/failures/{fingerprint}/reopen": route({
    ...WRITE,
    summary: "Reopens a resolved or snoozed failure",
    body: FailureTriageInput,
    handle: ({ commands, queries }, { params, body, identity }) =>
      reopenFailures(commands, params.fingerprint, body, actorOf(identity), queries.now()),
  }),
  "POST /api/failures/{fingerprint}/snooze": route({
    ...WRITE,
    summary: "Snoozes a failure until a time, or until it gets worse",
    body: FailureSnoozeInput,
    handle: ({ commands, queries }, { params, body, identity }) =>
      snoozeFailures(commands, params.fingerprint, body, actorOf(identity), queries.now()),
  }),
  "POST /api/failures/{fingerprint}/notes": route({
    ...WRITE,
    summary: "Adds a note to a failure",
    body: FailureNoteInput,
    status: 201,
    handle: ({ commands, queries }, { params, body, identity }) =>
      noteFailures(commands, params.fingerprint, body, actorOf(identity), queries.now()),
  }),
  "POST /api/failures/{fingerprint}/merge": route({
    ...WRITE,
    summary: "Merges a failure into another one",
    body: FailureMergeInput,
    handle: ({ commands, queries }, { params, body, identity }) =>
      mergeFailures(commands, params.fingerprint, body, actorOf(identity), queries.now()),
  }),
  "POST /api/failures/{fingerprint}/split": route({
    ...WRITE,
    summary: "Separates a merged failure again",
    body: FailureTriageInput,
    handle: ({ commands }, { params, body, identity }) =>
      splitFailures(commands, params.fingerprint, body, actorOf(identity)),
  }),
} as const;
