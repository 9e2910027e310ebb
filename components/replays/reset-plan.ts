import { err, ok, type Result } from "#lib/domain/result.ts";
import type { OffsetResetPlanInput } from "#lib/contracts/replay-input.ts";

export const HOWS = ["earliest", "latest", "timestamp", "offset", "shift", "group", "offsets"] as const;
export interface ResetChoice {
  readonly how: (typeof HOWS)[number];
  readonly topic: string | null;
  readonly partition: number | null;
  readonly offset: string;
  readonly shift: string;
  /** as a datetime-local field gives it: the reader's zone, no offset */
  readonly from: string;
  /** the group whose offsets are copied */
  readonly like: string;
  /** a line each: topic, partition, offset */
  readonly offsetLines: string;
}

/** The plan a filled-in form asks for, or what is still missing in it. */
export function resetPlan(
  group: { readonly cluster: string; readonly group: string },
  choice: ResetChoice,
): Result<OffsetResetPlanInput, string> {
  const to = target(choice);
  if (!to.ok) return to;
  const topics =
    choice.topic === null || choice.how === "offsets"
      ? []
      : [{ topic: choice.topic, ...(choice.partition !== null && { partitions: [choice.partition] }) }];
  return ok({ kind: "offset_reset", cluster: group.cluster, group: group.group, topics, to: to.value });
}

function target({
  how,
  offset,
  shift,
  from,
  like,
  offsetLines,
}: ResetChoice): Result<OffsetResetPlanInput["to"], string> {
  switch (how) {
    case "earliest":
    case "latest":
      return ok({ how });
    case "offset":
      return /^\d{1,19}$/.test(offset) ? ok({ how, offset }) : err("Name the offset, a whole number.");
    case "shift":
      return /^[-+−]?\d{1,19}$/.test(shift) && BigInt(signed(shift)) !== 0n
        ? ok({ how, by: signed(shift) })
        : err("Name by how many, for example −100.");
    case "timestamp": {
      const at = new Date(from);
      return Number.isNaN(at.getTime()) ? err("Choose the time.") : ok({ how, at: at.toISOString() });
    }
    case "group":
      return like.trim() === "" ? err("Name the group to copy from.") : ok({ how, group: like.trim() });
    case "offsets": {
      const offsets = offsetsOf(offsetLines);
      return offsets.ok ? ok({ how, offsets: offsets.value }) : offsets;
    }
  }
}

type ResetOffsets = Extract<OffsetResetPlanInput["to"], { how: "offsets" }>["offsets"];

/** As the CSV of Kafka's own tool has them. */
function offsetsOf(text: string): Result<ResetOffsets, string> {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const offsetLines: ResetOffsets = [];
  for (const line of lines) {
    const [, topic, partition, offset] =
      /^([\w.-]{1,249})\s*[,;\t]\s*(\d{1,5})\s*[,;\t]\s*(\d{1,19})$/.exec(line) ?? [];
    if (topic === undefined || partition === undefined || offset === undefined)
      return err(`“${line.slice(0, 60)}” is not topic,partition,offset.`);
    offsetLines.push({ topic, partition: Number(partition), offset });
  }
  return offsetLines.length === 0 ? err("Name a partition a line: topic,partition,offset.") : ok(offsetLines);
}

const signed = (text: string): string => BigInt(text.replace("−", "-").replace("+", "")).toString();
