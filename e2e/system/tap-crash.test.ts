/** Whatever process is killed, the index of events equals the topic, each record once. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openRandom } from "#e2e/stack/seed.ts";
import { assertIndexEqualsTopic, countIndex, openTapStage, until, type TapStage } from "./tap-stage.ts";
import { keepProducing } from "./tap-load.ts";

const KILLS = 20;
/** enough for each of two taps to have some, whatever the hashes say */
const PARTITIONS = 12;
/** what else is killed after which of them */
const KILLED_TOO: ReadonlyMap<number, "kafka" | "postgres"> = new Map([
  [7, "kafka"],
  [14, "postgres"],
]);

/** Runs the work while records flow into a new topic, and compares when they have stopped. */
async function underLoad(stage: TapStage, topic: string, work: () => Promise<void>): Promise<void> {
  await stage.createTopic(topic, PARTITIONS);
  const producing = keepProducing(stage, topic);
  try {
    await work();
    await until("enough load", 60_000, () => Promise.resolve(producing.sent() > 5000));
  } finally {
    await producing.stop();
  }
  await assertIndexEqualsTopic(stage, topic, 120_000);
}

/** The next event of the topic is stored: the tap reads and writes right now. */
async function untilMoving(stage: TapStage, topic: string, withinMs: number): Promise<void> {
  const before = await countIndex(stage, topic);
  await until(`${topic} being indexed`, withinMs, async () => (await countIndex(stage, topic)) > before);
}

describe("exactly once, whatever dies", { timeout: 480_000 }, () => {
  let stage: TapStage;

  before(async () => (stage = await openTapStage()));
  after(async () => stage.close());

  it(`kill -9 of one of two taps under load, ${KILLS} times, of the broker and of Postgres between`, async (t) => {
    const random = openRandom("kills of the taps", (line) => t.diagnostic(line));
    const taps = [stage.flowtap.startTap(), stage.flowtap.startTap()] satisfies [unknown, unknown];
    await underLoad(stage, "killed", async () => {
      for (let kill = 1; kill <= KILLS; kill++) {
        const killed = kill % 2 === 1 ? 0 : 1;
        const tap = await taps[killed];
        // Some in the middle of work; the rest at any moment, also while a tap starts or finds its positions.
        if (kill % 4 === 1) await untilMoving(stage, "killed", 60_000);
        await sleep(random() * 1200);
        tap.kill("SIGKILL");
        await tap.exited;
        taps[killed] = stage.flowtap.startTap();
        const killedToo = KILLED_TOO.get(kill);
        if (killedToo === undefined) continue;
        await stage[killedToo].kill9();
        await stage[killedToo].restart();
      }
      await untilMoving(stage, "killed", 60_000);
    });
    await Promise.all(taps.map(async (tap) => (await tap).stop()));
  });

  it("two taps share the work; one is killed, the other takes over", async () => {
    const taps = await Promise.all([stage.flowtap.startTap(), stage.flowtap.startTap()]);
    const stored = async (tap: (typeof taps)[number]) =>
      ((await (await fetch(`${tap.metricsUrl}/health`)).json()) as { counters: { stored: number } }).counters.stored;
    await underLoad(stage, "shared", async () => {
      await until("both taps storing", 60_000, async () => (await Promise.all(taps.map(stored))).every((n) => n > 200));
      taps[0].kill("SIGKILL");
      await taps[0].exited;
      await sleep(1000);
    });
    await taps[1].stop();
  });

  it("a tap that stands still is replaced in all it did, and counts nothing twice when it wakes", async () => {
    const leading = async () =>
      (
        await stage.pool.query<{ fresh: number; backends: number[] }>(`
          SELECT count(*) FILTER (WHERE renewed_at > now() - interval '4 seconds')::int AS fresh,
            array_agg(backend_pid ORDER BY lock_kind, lock_id) AS backends
          FROM leader_leases`)
      ).rows[0] ?? { fresh: 0, backends: [] };
    const first = await stage.flowtap.startTap();
    await until("the first tap leading in everything", 60_000, async () => (await leading()).fresh >= 4);
    const second = await stage.flowtap.startTap();
    await underLoad(stage, "stopped", async () => {
      await untilMoving(stage, "stopped", 60_000);
      const { backends, fresh } = await leading();
      first.kill("SIGSTOP");
      await until("the second tap leading in everything", 45_000, async () => {
        const now = await leading();
        return now.fresh === fresh && now.backends.every((backend) => !backends.includes(backend));
      });
      await untilMoving(stage, "stopped", 60_000);
      first.kill("SIGCONT");
      await untilMoving(stage, "stopped", 60_000);
    });
    assert.ok(first.isRunning(), "it goes on as one of two");
    await Promise.all([first.stop(), second.stop()]);
    const { rows } = await stage.pool.query(
      `
        SELECT (SELECT sum(events) FROM publish_rollups r WHERE r.destination_id = d.id)::int AS counted
        FROM destinations d
        WHERE d.name = 'stopped'`,
    );
    assert.deepEqual(rows, [{ counted: await countIndex(stage, "stopped") }]);
  });

  it("the broker is killed, then the database: the tap says so, loses nothing and goes on by itself", async () => {
    const tap = await stage.flowtap.startTap();
    const shown = async (state: string) =>
      (
        await stage.pool.query(
          "SELECT 1 FROM clusters WHERE state = $1 AND (state_reason IS NULL) = ($1 = 'connected')",
          [state],
        )
      ).rowCount === 1;
    await underLoad(stage, "restarted", async () => {
      await untilMoving(stage, "restarted", 60_000);
      await stage.kafka.kill9();
      await until("the outage shown", 30_000, () => shown("unreachable"));
      await stage.kafka.restart();
      await untilMoving(stage, "restarted", 60_000);
      await until("the end of the outage shown", 30_000, () => shown("connected"));
      await stage.postgres.kill9();
      await until("the tap not ready", 20_000, async () => (await fetch(`${tap.metricsUrl}/ready`)).status === 503);
      await stage.postgres.restart();
      await untilMoving(stage, "restarted", 60_000);
    });
    assert.ok(tap.isRunning(), "the tap survived both");
    await tap.stop();
  });
});
