import { err, ok, type Result } from "#lib/domain/result.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replays.ts";

export const HOWS = ["earliest", "latest", "timestamp", "offset", "shift"] as const;
export interface ResetChoice {
  readonly how: (typeof HOWS)[number];
  readonly topic: string | null;
  readonly partition: number | null;
  readonly offset: string;
  readonly shift: string;
  /** as a datetime-local field gives it: the reader's zone, no offset */
  readonly from: string;
}

/** The plan a filled-in form asks for, or what is still missing in it. */
export function resetPlan(group: { readonly cluster: string; readonly group: string }, choice: ResetChoice): Result<OffsetResetPlanInput, string> {
  const to = target(choice);
  if (!to.ok) return to;
  const topics = choice.topic === null ? [] : [{ topic: choice.topic, ...(choice.partition !== null && { partitions: [choice.partition] }) }];
  return ok({ kind: "offset_reset", cluster: group.cluster, group: group.group, topics, to: to.value });
}

function target({ how, offset, shift, from }: ResetChoice): Result<OffsetResetPlanInput["to"], string> {
  switch (how) {
    case "earliest":
    case "latest":
      return ok({ how });
    case "offset":
      return /^\d{1,19}$/.test(offset) ? ok({ how, offset }) : err("Name the offset, a whole number.");
    case "shift":
      return /^[-+−]?\d{1,19}$/.test(shift) && BigInt(signed(shift)) !== 0n ? ok({ how, by: signed(shift) }) : err("Name by how many, for example −100.");
    case "timestamp": {
      const at = new Date(from);
      return Number.isNaN(at.getTime()) ? err("Choose the time.") : ok({ how, at: at.toISOString() });
    }
  }
}

const signed = (text: string): string => BigInt(text.replace("−", "-").replace("+", "")).toString();
