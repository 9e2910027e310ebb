/** The findings of a plan's checks, one line for each finding. */
import { count, plural } from "#components/ui/format.ts";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";

export interface CheckLine {
  /** ok: no objection; warn: consider it before sending; unknown: it could not be determined */
  readonly tone: "ok" | "warn" | "unknown";
  readonly text: string;
  /** the replay that the line refers to */
  readonly run?: number;
}

const MOST_SHOWN = 5;

export function checkLines(
  checks: NonNullable<RedrivePreview["checks"]>,
  timeOf: (iso: string) => string,
): CheckLine[] {
  return [
    ...code(checks.code, timeOf),
    ...(checks.moved === 0 ? [] : [moved(checks.moved)]),
    ...checks.sentBefore.slice(0, MOST_SHOWN).map(sentBefore),
    ...bodies(checks),
    ...(checks.schemas === undefined ? [] : schemas(checks.schemas)),
    ...checks.size.slice(0, MOST_SHOWN).map(size),
  ];
}

function code(groups: NonNullable<RedrivePreview["checks"]>["code"], timeOf: (iso: string) => string): CheckLine[] {
  return groups.slice(0, MOST_SHOWN).map(({ group, state, deployedAt, watchedSince, failedLast }): CheckLine => {
    const name = group.slice(0, 60);
    if (state === "newer" && deployedAt !== null)
      return { tone: "ok", text: `${name} was deployed at ${timeOf(deployedAt)}, since the last of these failed` };
    if (state === "same") {
      const noDeploy = `no deploy was seen since the last failure at ${timeOf(failedLast)}`;
      const lastDeploy = deployedAt === null ? "" : `; the last one was at ${timeOf(deployedAt)}`;
      return {
        tone: "warn",
        text: `${name} still runs the code that failed: ${noDeploy}${lastDeploy}. It may fail again`,
      };
    }
    if (deployedAt !== null && deployedAt >= failedLast) {
      const deployed = `deployed at ${timeOf(deployedAt)}, at about the time the last of these failed`;
      return {
        tone: "unknown",
        text: `${name} was ${deployed}: whether the code that failed still runs is not known`,
      };
    }
    const why =
      watchedSince === null ? "Flowtap does not know the group" : `it is watched only since ${timeOf(watchedSince)}`;
    return { tone: "unknown", text: `Whether ${name} still runs the code that failed is not known: ${why}` };
  });
}

const moved = (items: number): CheckLine => ({
  tone: "warn",
  text:
    `${items === 1 ? "1 event follows its key" : `${count(items)} events follow their keys`} to the partition ` +
    "that newer events of the key go to: the topic seems to have been given more partitions since",
});

function sentBefore({
  run,
  items,
  leftOut,
}: {
  readonly run: number;
  readonly items: number;
  readonly leftOut: boolean;
}): CheckLine {
  return leftOut
    ? { tone: "ok", text: `${plural(items, "event")} that another replay has sent or has in hand: left out`, run }
    : { tone: "warn", text: `${plural(items, "event")} that another replay has sent before: sent once more`, run };
}

function bodies({
  bodies: { checked: checked, notChecked: notChecked, brokenJson },
}: NonNullable<RedrivePreview["checks"]>): CheckLine[] {
  const lines: CheckLine[] = [];
  if (brokenJson > 0) {
    const broken =
      brokenJson === 1 ? "1 body begins like JSON and is" : `${count(brokenJson)} bodies begin like JSON and are`;
    lines.push({
      tone: "warn",
      text: `${broken} none: whoever reads JSON fails on that. Edit it or leave it out`,
    });
  }
  if (notChecked > 0) {
    const unreadable = `${plural(notChecked, "event")} could not be read in time`;
    lines.push({
      tone: "unknown",
      text: `${unreadable}: whether they are still there and fit is seen when they are sent`,
    });
  } else if (brokenJson === 0) {
    const all = checked === 1 ? "The body is" : `All ${count(checked)} bodies are`;
    lines.push({ tone: "ok", text: `${all} still in the log; what begins like JSON is well-formed` });
  }
  return lines;
}

function schemas({
  matching,
  differing,
  unchecked,
  first,
}: NonNullable<NonNullable<RedrivePreview["checks"]>["schemas"]>): CheckLine[] {
  const lines: CheckLine[] = [];
  if (differing > 0) {
    const one = "1 body, as it lies in the log, does not match its schema. Edit it or leave it out";
    const bodiesInLog = `${count(differing)} bodies, as they lie in the log,`;
    lines.push({
      tone: "warn",
      text: differing === 1 ? one : `${bodiesInLog} do not match their schema. Edit them or leave them out`,
    });
  }
  lines.push(
    ...first.slice(0, MOST_SHOWN).map(
      ({ item, schema, why }): CheckLine => ({
        tone: "warn",
        text: `Item ${item} does not match ${schema.slice(0, 120)}: ${why}`,
      }),
    ),
  );
  if (matching > 0)
    lines.push({
      tone: "ok",
      text: `${matching === 1 ? "1 body matches its" : `${count(matching)} bodies match their`} schema`,
    });
  lines.push(
    ...unchecked.slice(0, MOST_SHOWN).map(
      ({ why, items }): CheckLine => ({
        tone: "unknown",
        text: `${items === 1 ? "1 event was" : `${count(items)} events were`} held against no schema: ${why}`,
      }),
    ),
  );
  return lines;
}

const size = ({ topic, maxBytes }: { readonly topic: string; readonly maxBytes: number | null }): CheckLine =>
  maxBytes === null
    ? { tone: "unknown", text: `The largest record ${topic.slice(0, 80)} takes is not known` }
    : { tone: "ok", text: `${topic.slice(0, 80)} takes records of up to ${count(maxBytes)} bytes: what is sent fits` };
