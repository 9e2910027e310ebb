/** Why a run that is not over does not go on now. */
import { z } from "zod";
import { MAX_MEMBERS_KEPT, type Hold } from "#lib/domain/replay/hold.ts";

/** The rule of a redrive that has paused it. */
const PausedByGuard = z.discriminatedUnion("rule", [
  z.object({
    kind: z.literal("paused_by_guard"),
    rule: z.literal("canary_failed_again"),
    sent: z.number().int(),
    failedAgain: z.number().int(),
  }),
  z.object({ kind: z.literal("paused_by_guard"), rule: z.literal("canary_not_sent"), items: z.number().int() }),
  z.object({
    kind: z.literal("paused_by_guard"),
    rule: z.literal("canary_not_verified"),
    sent: z.number().int(),
    verified: z.number().int(),
    timeoutSeconds: z.number().int(),
  }),
  z.object({
    kind: z.literal("paused_by_guard"),
    rule: z.literal("too_many_failed_again"),
    verified: z.number().int(),
    failedAgain: z.number().int(),
    stopAbove: z.number().meta({ description: "the share that was allowed, 0 to 1" }),
  }),
  z.object({
    kind: z.literal("paused_by_guard"),
    rule: z.literal("group_not_consuming"),
    group: z.string(),
    cause: z.string(),
    reason: z.string().nullable(),
  }),
]);
/** Why a run that is not over does not go on now. */
export const ReplayHold = z
  .discriminatedUnion("kind", [
    z.object({
      kind: z.literal("waiting_for_empty_group"),
      group: z.string(),
      state: z.string().meta({ description: "the group's state as the broker names it" }),
      members: z
        .array(z.object({ clientId: z.string(), host: z.string() }))
        .meta({ description: `the first ${MAX_MEMBERS_KEPT} that are connected` }),
      memberCount: z.number().int(),
    }),
    z.object({ kind: z.literal("waiting_for_transaction"), topic: z.string(), partition: z.number().int() }),
    z
      .object({ kind: z.literal("held_up"), reason: z.string() })
      .meta({ description: "a broker or the database failed; it is tried again" }),
    z.object({ kind: z.literal("refused_by_broker"), reason: z.string() }),
    PausedByGuard,
  ])
  .meta({ id: "ReplayHold" }) satisfies z.ZodType<Hold>;

export type ReplayHold = z.infer<typeof ReplayHold>;
