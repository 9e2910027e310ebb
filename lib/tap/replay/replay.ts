/**
 * Executes the replays that people have started. Any number of taps poll for them; the advisory lock of a run makes
 * sure that only one of them executes it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { openBroker } from "#lib/brokers/open.ts";
import { deleteOldDrafts, readRunsToClaim } from "#lib/store/replays/claimable-runs.ts";
import { claimRun, type ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import { OUTCOMES_FOR_HOURS, settleOutcomes } from "#lib/store/replays/outcomes.ts";
import type { BackgroundDeps } from "../background-deps.ts";
import { redrive } from "./redrive.ts";
import { resetOffsets } from "./reset-offsets.ts";
import { skipEvent } from "./skip-event.ts";
import type { OnWaiting } from "./wait-for-empty.ts";

const POLL_EVERY_MS = 1000;
const SETTLE_EVERY_MS = 2000;
const SETTLE_LATE_EVERY_MS = 5 * 60_000;
const SETTLED_AT_ONCE = 5000;
/** Most outcomes are known within minutes; those of a group that was down for weeks are still found. */
const SOON_HOURS = 24;
const RUNS_AT_ONCE = 4;
/** including runs that only wait for their group to be empty, so that these do not hold up others */
const IN_HAND_AT_ONCE = 20;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const MAX_REASON_CHARS = 500;
const DRAFTS_KEPT_MS = 7 * 86_400_000;

/**
 * Resolves when `signal` is aborted and every run has been released; the next runner continues those not finished.
 */
export async function startReplayRunner(deps: BackgroundDeps): Promise<void> {
  const { database, log, signal } = deps;
  const running = new Map<number, Promise<void>>();
  const waiting = new Set<number>();
  let settleAt = 0;
  let settleLateAt = 0;
  let pauseMs = POLL_EVERY_MS;
  while (!signal.aborted) {
    try {
      for (const id of await readRunsToClaim(database)) {
        if (running.has(id) || running.size - waiting.size >= RUNS_AT_ONCE || running.size >= IN_HAND_AT_ONCE) continue;
        running.set(
          id,
          execute(deps, id, (waits) => void (waits ? waiting.add(id) : waiting.delete(id)))
            .catch((error: unknown) => log.warn({ err: error, replay: id }, "a replay is held up"))
            .finally(() => running.delete(id)),
        );
      }
      if (Date.now() >= settleAt) {
        const late = Date.now() >= settleLateAt;
        for (const id of await settleOutcomes(database.prisma, {
          runId: null,
          sentWithinHours: late ? OUTCOMES_FOR_HOURS : SOON_HOURS,
          limit: SETTLED_AT_ONCE,
        }))
          await database.pool.query("SELECT pg_notify('flowtap', $1)", [JSON.stringify({ kind: "replay", id })]);
        settleAt = Date.now() + SETTLE_EVERY_MS;
        if (late) {
          await deleteOldDrafts(database, new Date(Date.now() - DRAFTS_KEPT_MS));
          settleLateAt = Date.now() + SETTLE_LATE_EVERY_MS;
        }
      }
      pauseMs = POLL_EVERY_MS;
    } catch (error) {
      log.warn({ err: error }, "replays wait for the database");
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  await Promise.all(running.values());
}

/** One run, from taking its lock to giving it back. Rejects when the lock is lost. */
async function execute(deps: BackgroundDeps, id: number, onWaiting: OnWaiting): Promise<void> {
  const run = await claimRun(deps.database, id);
  if (run === null) return;
  const signal = AbortSignal.any([deps.signal, run.lost]);
  try {
    await run.begin();
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await attempt(deps, run, signal, onWaiting);
      } catch (error) {
        if (deps.signal.aborted) return;
        if (run.lost.aborted) throw error;
        deps.log.warn({ err: error, replay: id }, "a replay is held up and will be tried again");
        const reason = error instanceof Error ? error.message : String(error);
        await run.setWait({ kind: "held_up", reason: reason.slice(0, MAX_REASON_CHARS) });
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    await run.release();
  }
}

async function attempt(
  { config, database }: BackgroundDeps,
  run: ClaimedRun,
  signal: AbortSignal,
  onWaiting: OnWaiting,
): Promise<void> {
  const cluster = config.clusters.find(({ name }) => name === run.cluster);
  if (cluster === undefined) throw new Error(`the cluster ${run.cluster} is not in this tap's configuration`);
  const opened = openBroker(cluster);
  const inspector = opened.openInspector();
  const reader = opened.openReader();
  const broker = { reader, inspector, openPublisher: (id: string) => opened.openPublisher(id) };
  try {
    if (run.plan.input.kind === "offset_reset")
      await resetOffsets(run, run.plan.input, { inspector, addresses: cluster.brokers }, signal, onWaiting);
    else if (run.plan.preview.kind === "skip") await skipEvent(run, run.plan.preview, broker, signal, onWaiting);
    else
      await redrive(
        run,
        broker,
        () =>
          settleOutcomes(database.prisma, {
            runId: run.id,
            sentWithinHours: OUTCOMES_FOR_HOURS,
            limit: SETTLED_AT_ONCE,
          }),
        signal,
      );
  } finally {
    await Promise.allSettled([inspector.close(), reader.close()]);
  }
}
