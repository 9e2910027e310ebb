/**
 * Sends the items of a run, each exactly once whatever is killed. Per batch: store the ends of the targets and mark the
 * items `sending` (committed), send them in one Kafka transaction, mark them `sent`. Only the batch being sent can be
 * in doubt, and a process that takes the run over settles it before it sends anything.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { Publisher } from "#lib/brokers/ports/publisher.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import { openGuard, type Guard } from "./guard.ts";
import { openSource } from "#lib/brokers/record-source.ts";
import { type Batch, prepare } from "./prepare-batch.ts";
import { endsOf, notesOf, TargetEnds } from "./run-notes.ts";
import { settle } from "./settle.ts";

/** The most items of one batch, and so the most that are in doubt after a crash. */
const MAX_BATCH = 1000;

export interface RedriveBroker {
  readonly reader: Reader;
  readonly inspector: LogInspector;
  readonly openPublisher: (transactionalId: string) => Promise<Publisher>;
}

/**
 * Returns when the run has ended or is paused, or `signal` says to leave it for later. Rejects when a broker or the
 * database fails: then it can be begun again.
 */
export async function redrive(
  run: ClaimedRun,
  broker: RedriveBroker,
  verify: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  let publisher: Publisher;
  try {
    publisher = await broker.openPublisher(`flowtap-replay-${run.wireName}`);
  } catch (error) {
    if (!isBrokerFault(error, "records_refused")) throw error;
    return run.pause({ kind: "refused_by_broker", reason: error.message });
  }
  try {
    await settle(run, broker, signal);
    if ((await run.status()) !== "running") return await leave(run);
    await run.setWait(null);
    await sendPending(run, broker, publisher, openGuard(run, verify), signal);
  } finally {
    await publisher.close();
  }
}

async function sendPending(
  run: ClaimedRun,
  broker: RedriveBroker,
  publisher: Publisher,
  guard: Guard,
  signal: AbortSignal,
): Promise<void> {
  const source = openSource(broker.reader);
  const targets = await run.items.targets();
  const ends = new TargetEnds(() => endsOf(targets, broker.inspector), notesOf(await run.readResult()));
  const ratePerSecond = run.plan.preview.kind === "redrive" ? run.plan.preview.ratePerSecond : 1;
  const batchSize = Math.min(MAX_BATCH, Math.max(1, Math.ceil(ratePerSecond / 2)));
  /** after a refused batch its items are sent one by one, so that only the faulty ones fail */
  let alone = 0;
  /** the next batch, read while the one before it is being sent */
  let ahead: Promise<Batch> | null = null;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const allowed = await guard.allowed(signal);
    if (allowed === 0) return leave(run);
    const { records: batch, faults } = await (ahead ??
      prepare(run, source, await run.items.read("pending", Math.min(allowed, alone > 0 ? 1 : batchSize))));
    ahead = null;
    if (batch.length === 0 && faults.length === 0) return finish(run);
    if (faults.length > 0) await run.items.markFailed(faults);
    if (batch.length > 0) {
      const seqs = batch.map(({ seq }) => seq);
      if (!(await run.items.markSending(seqs, await ends.note(Date.now())))) return leave(run);
      if (allowed === Number.POSITIVE_INFINITY && alone === 0) {
        ahead = prepare(run, source, await run.items.read("pending", batchSize));
        ahead.catch(() => undefined); // told where it is awaited, if it ever is
      }
      const placed = await publisher.publish(batch.map(({ record }) => record)).catch((error: unknown) => {
        if (isBrokerFault(error, "records_refused")) return error;
        throw error;
      });
      if (!isBrokerFault(placed, "records_refused")) {
        ends.wrote(placed.map((at, i) => ({ ...at, topic: batch[i]?.record.topic ?? "" })));
        await run.items.markSent(placed.map((at, i) => ({ ...at, seq: seqs[i] as number })));
      } else if (!placed.detail.forTheirContent) {
        await run.items.markPending(seqs);
        return run.pause({ kind: "refused_by_broker", reason: placed.message });
      } else {
        ahead = null;
        if (batch.length === 1) await run.items.markFailed([{ seq: seqs[0] as number, detail: placed.message }]);
        else {
          await run.items.markPending(seqs);
          alone = batch.length + 1;
        }
      }
    }
    alone = Math.max(0, alone - 1);
    const dueMs = (batch.length / ratePerSecond) * 1000 - (performance.now() - startedAt);
    if (dueMs > 0) await sleep(dueMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The run was paused or cancelled, or the tap stops. A cancelled run is finished here. */
async function leave(run: ClaimedRun): Promise<void> {
  if ((await run.status()) === "cancelled") {
    await run.items.skipPending("cancelled");
    await run.finish("cancelled", null);
  }
}

async function finish(run: ClaimedRun): Promise<void> {
  if ((await run.status()) === "cancelled") return leave(run);
  const [sent, failed] = [await run.items.count("sent"), await run.items.count("failed")];
  await run.finish(
    sent === 0 && failed > 0 ? "failed" : "completed",
    failed === 0 ? null : `${failed} could not be sent; each says why`,
  );
}
