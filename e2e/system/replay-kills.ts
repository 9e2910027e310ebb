/** A redrive of 10,000 dead letters while everything that takes part in it is killed. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { before, describe, it } from "node:test";
import { ReplayView } from "#lib/contracts/replays.ts";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { openRandom } from "#e2e/stack/seed.ts";
import { assertEachOnce, dead, ended, redriveOf, see, WHY } from "./replay-steps.ts";
import { killNow, type World } from "./replay-world.ts";

export function testKills(given: () => World): void {
  let world: World;

  describe("a large redrive", () => {
    before(() => {
      world = given();
    });

    it("sends 10,000 dead letters exactly once, in order, while web, runner and Postgres are killed again and again", async (t) => {
      const events = 10_000;
      const random = openRandom("kills of a redrive", (line) => t.diagnostic(line));
      const { prisma } = world.database;
      const flowtap = await prepareFlowtap({
        databaseUrl: world.databaseUrl,
        brokers: world.cluster.brokers,
        cluster: { name: "kafka" },
      });
      t.after(() => flowtap.stop());
      let web = flowtap.startWeb();
      const ask = async (path: string, body?: object): Promise<ReplayView> => {
        const response = await fetch(
          `${(await web).url}${path}`,
          body === undefined
            ? {}
            : {
                method: "POST",
                headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
                body: JSON.stringify(body),
              },
        );
        assert.ok(response.ok, `${path}: ${response.status}`);
        return ReplayView.parse(await response.json());
      };
      await world.bury("killed", dead(events, "fp-killed"));
      const view = await ask("/api/replays", redriveOf("fp-killed", 500));
      assert.ok(view.preview.kind === "redrive");
      assert.deepEqual(
        [view.row.status, view.preview.items, view.preview.excluded, view.items.total],
        ["draft", events, [], events],
      );
      await ask(`/api/replays/${view.row.id}/run`, { reason: WHY });
      let runner = world.startRunner();
      const kill = {
        runner: async () => {
          await killNow(runner);
          runner = world.startRunner();
        },
        web: async () => {
          const running = await web;
          running.kill("SIGKILL");
          await running.exited;
          web = flowtap.startWeb();
        },
        postgres: () => world.crashPostgres(),
      };
      const isOver = () =>
        see(world, view.row.id).then(
          ({ row }) => row.finishedAt !== null,
          () => false,
        );
      const killed = { runner: 0, web: 0, postgres: 0 };
      for (const what of [
        "runner",
        "postgres",
        "web",
        "runner",
        "runner",
        "postgres",
        "web",
        "runner",
        "postgres",
        "runner",
        "web",
        "runner",
      ] as const) {
        await sleep(300 + random() * 1200);
        if (await isOver()) break;
        await kill[what]();
        killed[what]++;
      }
      const done = await ended(world, view.row.id);
      assert.deepEqual(
        [done.row.status, done.row.progress],
        ["completed", { total: events, sent: events, skipped: 0, failed: 0, pending: 0, verified: 0, failedAgain: 0 }],
      );
      assert.ok(
        killed.runner + killed.web + killed.postgres >= 10 && killed.web > 0 && killed.postgres > 0,
        `killed while it ran: ${JSON.stringify(killed)}`,
      );
      assert.deepEqual(
        (await ask(`/api/replays/${view.row.id}`)).row.progress,
        done.row.progress,
        "and the web that was killed tells the same",
      );
      await assertEachOnce(world, done, "killed", events);
      assert.equal(await prisma.failure.count({ where: { fingerprint: "fp-killed", status: "replaying" } }), events);
      const audit = await prisma.auditEntry.findMany({ where: { target: `replay/${view.row.id}` } });
      assert.deepEqual(
        audit.map(({ action, reason }) => ({ action, reason })),
        [{ action: "replay.redrive.run", reason: WHY }],
      );

      const target = await prisma.destination.findFirstOrThrow({ where: { name: "killed" } });
      const group = await prisma.consumerGroup.create({ data: { clusterId: target.clusterId, name: "payments" } });
      const ends = await world.inspector.logOffsets(
        [0, 1, 2, 3, 4, 5].map((partition) => ({ topic: "killed", partition })),
      );
      await prisma.groupPartition.createMany({
        data: ends.map(({ partition, endOffset }) => ({
          groupId: group.id,
          destinationId: target.id,
          partition,
          committedOffset: endOffset,
          committedAt: new Date(),
        })),
      });
      const reported = await ended(world, view.row.id, ({ outcomes }) => outcomes.consumed === events);
      await killNow(runner);
      assert.deepEqual(reported.outcomes, {
        consumed: events,
        deadLettered: 0,
        otherCause: 0,
        waiting: 0,
        notSent: 0,
        unknown: 0,
        notApplicable: 0,
      });
      assert.equal(await prisma.failure.count({ where: { fingerprint: "fp-killed", status: "resolved" } }), events);
      await prisma.consumerGroup.delete({ where: { id: group.id } });
    });
  });
}
