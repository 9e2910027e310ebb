/** The steps that the tests of replays share: plan, run, wait for the end, and read the target topic. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { runReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import type { ReplayPlanInput } from "#lib/contracts/replay-input.ts";
import type { ReplayView } from "#lib/contracts/replays.ts";
import { readReplayMark } from "#lib/domain/replay/replay-headers.ts";
import { getReplay } from "#lib/queries/replays.ts";
import type { DeadEvent } from "./replay-dead-letters.ts";
import type { World } from "./replay-world.ts";

export const OPERATOR = { name: "ada", role: "operator" } as const;
export const WHY = "fixed in 1.4.2";
export const text = (bytes: Uint8Array | null | undefined): string => Buffer.from(bytes ?? []).toString();

export async function plan(world: World, input: ReplayPlanInput): Promise<ReplayView> {
  const made = await planReplay(world.deps, input, OPERATOR);
  assert.ok(made.ok, made.ok ? "" : made.error.message);
  return made.value;
}

export async function see(world: World, id: number): Promise<ReplayView> {
  const found = await getReplay(world.deps, id, { limit: 500 });
  assert.ok(found.ok);
  return found.value;
}

export async function started(world: World, input: ReplayPlanInput): Promise<number> {
  const { row } = await plan(world, input);
  const run = await runReplay(world.deps, row.id, WHY, OPERATOR);
  assert.ok(run.ok, run.ok ? "" : run.error.message);
  return row.id;
}

/** Waits for a run to end, or for anything else that `until` asks of it. */
export async function ended(
  world: World,
  id: number,
  until: (view: ReplayView) => boolean = ({ row }) => row.finishedAt !== null,
): Promise<ReplayView> {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; await sleep(100)) {
    const view = await see(world, id);
    if (until(view)) return view;
  }
  assert.fail(`replay ${id} did not get there: ${JSON.stringify((await see(world, id)).row)}`);
}

/**
 * The failed offsets are higher than any offset that a redrive reaches, so that no old failure points at a new event.
 */
const FAILED_FROM = 1_000_000;
export const dead = (count: number, fingerprint: string): DeadEvent[] =>
  Array.from({ length: count }, (_, i) => ({
    key: `cust-${i % 40}`,
    partition: (i % 40) % 6,
    offset: BigInt(FAILED_FROM + Math.floor(i / 2) * 3 + i),
    fingerprint,
  }));
export const redriveOf = (
  fingerprint: string,
  ratePerSecond: number,
): Extract<ReplayPlanInput, { kind: "redrive" }> => ({
  kind: "redrive",
  select: { by: "fingerprint", fingerprint },
  ratePerSecond,
  to: { how: "topic" },
  stale: "ask",
  time: "now",
  canary: { items: 0, timeoutSeconds: 60, then: "pause" },
  stopAbove: 0.2,
});

/** What every redrive must have done, whatever happened on the way. */
export async function assertEachOnce(world: World, view: ReplayView, topic: string, events: number): Promise<void> {
  const records = await world.readAll(topic);
  const items = await world.database.prisma.replayItem.findMany({
    where: { runId: view.row.id },
    orderBy: { seq: "asc" },
  });
  assert.equal(records.length, events, "as many events as dead letters");
  const bySeq = new Map(records.map((record) => [readReplayMark(record.headers)?.item, record]));
  assert.equal(bySeq.size, events, "each item once");
  for (const item of items) {
    const record = bySeq.get(item.seq);
    assert.equal(item.status, "sent");
    assert.deepEqual(
      [record?.partition, record?.offset],
      [item.targetPartition, item.targetOffset],
      "where it was sent is where it lies",
    );
    const names = record?.headers.map(([name]) => name) ?? [];
    assert.deepEqual(names, [
      "traceparent",
      "ce_id",
      "flowtap-replay-run",
      "flowtap-replay-item",
      "flowtap-replay-origin",
    ]);
    assert.equal(text(record?.headers.at(-1)?.[1]), `${topic}-dlt/0/${item.sourceOffset}`);
    assert.equal(
      text(record?.value).startsWith(`${item.key}@${item.targetPartition}/`),
      true,
      "its own body, in its own partition",
    );
  }
  for (const [, sent] of Map.groupBy(records, (record) => text(record.key))) {
    const order = sent
      .toSorted((a, b) => Number(a.offset - b.offset))
      .map((record) => Number(text(record.value).split("/")[1]));
    assert.deepEqual(
      order,
      order.toSorted((a, b) => a - b),
      "events of one key in the order they were first published",
    );
  }
}
