/** What a filled-in dialog asks to be sent again. */
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import type { RedrivePlanInput } from "#lib/contracts/replay-input.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";

export interface RedriveChoice {
  /** only what failed in this group; null: in any */
  readonly onlyGroup: string | null;
  /** narrows a fingerprint; "": any */
  readonly key: string;
  /**
   * of a fingerprint when they failed, of a range where it begins and ends: an offset, or as a datetime-local field
   * gives it; "": no bound
   */
  readonly from: string;
  readonly to: string;
  readonly partition: number | null;
  readonly failedOnly: boolean;
  readonly goesTo: "topic" | "group" | "sandbox";
  /** the one group it is for */
  readonly forGroup: string | null;
  readonly targetTopic: string;
  readonly sandbox: string;
  readonly createSandbox: boolean;
  readonly time: RedrivePlanInput["time"];
  readonly rate: string;
  readonly first: string;
  readonly stopAbove: string;
}

/** Which events are to be sent again, and how many those are, where that is known before they are looked up. */
export interface RedriveSelection {
  readonly select: ReplaySelection;
  readonly items: number | null;
  /** how the dialog begins, where it differs */
  readonly begin?: Partial<RedriveChoice>;
}

export const INITIAL_CHOICE: RedriveChoice = {
  onlyGroup: null,
  key: "",
  from: "",
  to: "",
  partition: null,
  failedOnly: false,
  goesTo: "topic",
  forGroup: null,
  targetTopic: "",
  sandbox: "",
  createSandbox: true,
  time: "now",
  rate: "50",
  first: "1",
  stopAbove: "20",
};

/** The plan, or what is still missing in it. */
export function redrivePlan(given: ReplaySelection, choice: RedriveChoice): Result<RedrivePlanInput, string> {
  const select = selection(given, choice);
  if (!select.ok) return select;
  const to = target(choice);
  if (!to.ok) return to;
  const [ratePerSecond, stopAbove] = [Number(choice.rate), Number(choice.stopAbove)];
  if (!(ratePerSecond >= 0.1 && ratePerSecond <= 100_000))
    return err("Send at a rate between 0.1 and 100,000 events per second.");
  if (!/^\d{1,3}$/.test(choice.first) || Number(choice.first) > 100) return err("Send at most 100 first.");
  if (!/^\d{1,3}$/.test(choice.stopAbove) || stopAbove > 100)
    return err("Stop above a share between 0 and 100 percent.");
  const topic = choice.targetTopic.trim();
  return ok({
    kind: "redrive",
    select: select.value,
    to: to.value,
    ...(choice.goesTo === "topic" && topic !== "" && { targetTopic: topic }),
    stale: "ask",
    time: choice.time,
    ratePerSecond,
    canary: { items: Number(choice.first), timeoutSeconds: 120, then: "pause" },
    stopAbove: stopAbove / 100,
  });
}

function target({ goesTo, forGroup, sandbox, createSandbox }: RedriveChoice): Result<RedrivePlanInput["to"], string> {
  if (goesTo === "topic") return ok({ how: "topic" });
  if (goesTo === "group")
    return forGroup === null ? err("Choose the group it is for.") : ok({ how: "group", group: forGroup });
  return sandbox.trim() === ""
    ? err("Name the sandbox topic.")
    : ok({ how: "sandbox", topic: sandbox.trim(), create: createSandbox });
}

function selection(given: ReplaySelection, choice: RedriveChoice): Result<ReplaySelection, string> {
  switch (given.by) {
    case "fingerprint": {
      const [from, to] = [timeOf(choice.from), timeOf(choice.to)];
      if (from !== null && to !== null && from >= to)
        return err("The time it ends must be later than the time it begins.");
      return ok({
        ...given,
        ...(choice.onlyGroup !== null && { group: choice.onlyGroup }),
        ...(choice.key.trim() !== "" && { key: choice.key.trim() }),
        ...(from !== null && { from }),
        ...(to !== null && { to }),
      });
    }
    case "trace":
      return ok({ ...given, failedOnly: choice.failedOnly });
    case "range": {
      const [from, to] = [positionOf(choice.from), positionOf(choice.to)];
      if (from === null) return err("Say where it begins: an offset, or a time.");
      if (to === null && choice.to.trim() !== "") return err("Say where it ends: an offset, or a time.");
      const { partitions: _all, to: _end, ...stretch } = given;
      return ok({
        ...stretch,
        ...(choice.partition !== null && { partitions: [choice.partition] }),
        from,
        ...(to !== null && { to }),
      });
    }
    case "failures":
    case "key":
      return ok(given);
  }
}

function timeOf(text: string): string | null {
  const at = new Date(text);
  return text === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

function positionOf(text: string): { offset: string } | { at: string } | null {
  if (/^\d{1,18}$/.test(text.trim())) return { offset: text.trim() };
  const at = timeOf(text);
  return at === null ? null : { at };
}
