/** What people decide and note about failures. */
import { z } from "zod";
import { TRIAGE_STATUSES } from "#lib/domain/failure/triage.ts";
import { Iso } from "./common.ts";

/** What people decided, and why the failure is open again, if it is. */
export const FailureTriage = z
  .object({
    status: z.enum(TRIAGE_STATUSES),
    changedAt: Iso,
    changedBy: z.string(),
    snoozedUntil: Iso.nullable(),
    reopened: z.enum(["came_back", "got_worse", "snooze_over"]).nullable(),
    /** dead letters that failed since */
    eventsSince: z.number().int(),
    /** the first of them that is still open */
    cameBackAt: Iso.nullable(),
  })
  .meta({ id: "FailureTriage" });
export const FailureNote = z
  .object({ id: z.number().int(), at: Iso, by: z.string(), text: z.string() })
  .meta({ id: "FailureNote" });

const Reason = z.string().trim().min(3, "Say why, in three letters or more.").max(500);
export const FailureTriageInput = z.object({ reason: Reason }).meta({ id: "FailureTriageInput" });
export const FailureSnoozeInput = z.object({ until: Iso, reason: Reason }).meta({ id: "FailureSnoozeInput" });
export const FailureMergeInput = z
  .object({
    into: z.string().min(1).max(64).meta({ description: "The fingerprint under which it is shown from now on" }),
    reason: Reason,
  })
  .meta({ id: "FailureMergeInput" });
export const FailureNoteInput = z
  .object({ text: z.string().trim().min(1, "Enter a note.").max(4000) })
  .meta({ id: "FailureNoteInput" });
/** The result of a triage action: the failure it applies to, and how many dead letters changed their status. */
export const FailureTriageAnswer = z
  .object({ fingerprint: z.string(), events: z.number().int() })
  .meta({ id: "FailureTriageAnswer" });
export type FailureTriage = z.infer<typeof FailureTriage>;
export type FailureTriageInput = z.infer<typeof FailureTriageInput>;
export type FailureSnoozeInput = z.infer<typeof FailureSnoozeInput>;
export type FailureMergeInput = z.infer<typeof FailureMergeInput>;
export type FailureNoteInput = z.infer<typeof FailureNoteInput>;
export type FailureTriageAnswer = z.infer<typeof FailureTriageAnswer>;
