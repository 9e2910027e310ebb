/**
 * The broker allows some actions of a run only while the group is empty. A run may have been given time to wait for
 * that.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { describeMembers } from "#lib/commands/partition-progress.ts";
import { MAX_MEMBERS_KEPT, type Wait } from "#lib/domain/replay/hold.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";

const POLL_EVERY_MS = 1000;

/** Reports whether the run only waits, so that it is counted apart from the active ones. */
export type OnWaiting = (waiting: boolean) => void;

export interface EmptyGroup {
  readonly run: ClaimedRun;
  readonly inspector: LogInspector;
  readonly group: string;
  readonly signal: AbortSignal;
  readonly onWaiting: OnWaiting;
}

/** True: the group is empty. False: the run has ended, or is left for later. */
export async function untilEmpty(asked: EmptyGroup): Promise<boolean> {
  const { run, inspector, group, signal, onWaiting } = asked;
  let noted: Wait | null = null;
  try {
    while (!signal.aborted && (await run.status()) === "running") {
      const [info] = await inspector.groups([group]);
      if (info !== undefined && info.fault !== null) throw new Error(`${group} cannot be looked at: ${info.fault}`);
      if (info === undefined || info.state === "empty" || info.state === "dead") return true;
      if (isOverdue(run)) {
        await refuse(asked, info);
        return false;
      }
      const wait = waitFor(group, info);
      if (!isDeepStrictEqual(wait, noted)) await run.setWait((noted = wait));
      onWaiting(true);
      await sleep(POLL_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    return false;
  } finally {
    onWaiting(false);
  }
}

/** The broker refused because the group has a member after all. True: wait again. */
export async function afterRefusal(asked: EmptyGroup, error: Error): Promise<boolean> {
  if (!isOverdue(asked.run)) return true;
  const [info] = await asked.inspector.groups([asked.group]);
  if (info !== undefined && info.members.length > 0) await refuse(asked, info);
  else await asked.run.finish("failed", error.message);
  return false;
}

const isOverdue = ({ plan: { waitUntil } }: ClaimedRun): boolean =>
  waitUntil === undefined || Date.now() >= Date.parse(waitUntil);

async function refuse({ run, group }: EmptyGroup, info: GroupInfo): Promise<void> {
  const who = info.members.length === 0 ? `it is ${info.state}` : `connected: ${describeMembers(info.members)}`;
  await run.finish(
    "failed",
    run.plan.waitUntil === undefined
      ? `${group} must be empty; ${who}`
      : `${group} did not become empty in the time it was given; ${who}`,
  );
}

const waitFor = (group: string, { members, state }: GroupInfo): Wait => ({
  kind: "waiting_for_empty_group",
  group,
  state,
  members: members.slice(0, MAX_MEMBERS_KEPT).map(({ clientId, host }) => ({ clientId, host })),
  memberCount: members.length,
});
