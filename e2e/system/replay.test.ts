import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, it } from "node:test";
import type { OutgoingRecord } from "#lib/brokers/ports/publisher.ts";
import { openBroker } from "#lib/brokers/open.ts";
import { cancelReplay, pauseReplay, resumeReplay } from "#lib/commands/change-replay.ts";
import { planReplay } from "#lib/commands/plan-replay.ts";
import { ReplayView } from "#lib/contracts/replays.ts";
import { replayHeaders } from "#lib/domain/replay/replay-headers.ts";
import { listReplays } from "#lib/queries/replays.ts";
import { claimRun, type ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import { ensurePartitions } from "#lib/store/db/hourly-partitions.ts";
import { settleOutcomes } from "#lib/store/replays/outcomes.ts";
import { openLog } from "#lib/telemetry/log.ts";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { openRandom } from "#e2e/stack/seed.ts";
import { assertEachOnce, dead, ended, OPERATOR, redriveOf, see, started, WHY } from "./replay-steps.ts";
import { killNow, openWorld, type World } from "./replay-world.ts";

const log = openLog("test");
log.level = "silent";

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.stop());

/** As far as a run gets before anything is sent: ten items marked, their records ready. */
async function markBatch(
  id: number,
  topic: string,
): Promise<{ run: ClaimedRun; records: OutgoingRecord[]; transactionalId: string }> {
  const run = await claimRun(world.database, id);
  assert.ok(run);
  await run.begin();
  const items = await run.items.read("pending", 10);
  assert.ok(
    await run.items.markSending(
      items.map(({ seq }) => seq),
      { endsBefore: {} },
    ),
  );
  const deadLetters = await world.readAll(`${topic}-dlt`);
  const records = items.map((item) => {
    const deadLetter = deadLetters.find(({ offset }) => offset === item.sourceOffset);
    const origin = { topic: item.sourceTopic, partition: item.sourcePartition, offset: item.sourceOffset };
    return {
      topic,
      partition: item.targetPartition,
      key: deadLetter?.key ?? null,
      value: deadLetter?.value ?? null,
      headers: replayHeaders(deadLetter?.headers ?? [], { run: run.wireName, item: item.seq }, origin),
    };
  });
  return { run, records, transactionalId: `flowtap-replay-${run.wireName}` };
}

describe("redrive", () => {
  it("sends 10,000 dead letters exactly once, in order, to a complete outcome, though the web, its runner and Postgres are killed -9 again and again", async (t) => {
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

  for (const [why, crash] of [
    ["after the batch was sent and before that was noted", "committed"],
    ["in the middle of sending", "open"],
    ["before anything was sent", "nothing"],
  ] as const) {
    it(`settles a batch whose runner died ${why}`, async () => {
      const topic = `died-${crash}`;
      await world.bury(topic, dead(20, `fp-${crash}`));
      const id = await started(world, redriveOf(`fp-${crash}`, 1000));
      const { run, records, transactionalId } = await markBatch(id, topic);
      if (crash === "committed") {
        const publisher = await openBroker(world.cluster).openPublisher(transactionalId, log);
        await publisher.publish(records);
        await publisher.close();
      } else if (crash === "open") {
        const producer = world.kafka.producer({ transactionalId, idempotent: true, maxInFlightRequests: 1 });
        await producer.connect();
        const open = await producer.transaction();
        await open.send({
          topic,
          messages: records.map(({ key, value, partition }) => ({
            key: key && Buffer.from(key),
            value: value && Buffer.from(value),
            partition: partition ?? 0,
          })),
        });
        await producer.disconnect();
      }
      await run.release();
      const runner = world.startRunner();
      const done = await ended(world, id);
      await killNow(runner);
      assert.equal(done.row.status, "completed");
      await assertEachOnce(world, done, topic, 20);
    });
  }

  it("does not settle while another producer's open transaction hides what was sent", async () => {
    await world.bury("hidden", dead(20, "fp-hidden"));
    const id = await started(world, redriveOf("fp-hidden", 1000));
    const { run, records, transactionalId } = await markBatch(id, "hidden");
    const foreign = world.kafka.producer({ transactionalId: "foreign", idempotent: true, maxInFlightRequests: 1 });
    await foreign.connect();
    const open = await foreign.transaction();
    await open.send({ topic: "hidden", messages: [0, 1, 2, 3, 4, 5].map((partition) => ({ partition, value: "x" })) });
    const publisher = await openBroker(world.cluster).openPublisher(transactionalId, log);
    await publisher.publish(records);
    await publisher.close();
    await run.release();
    const runner = world.startRunner();
    const waiting = await ended(world, id, ({ row }) => row.error !== null);
    assert.match(waiting.row.error ?? "", /^Waits for an open transaction of another producer on hidden\[\d\] to end$/);
    await open.abort();
    const done = await ended(world, id);
    await Promise.all([killNow(runner), foreign.disconnect()]);
    assert.deepEqual([done.row.status, done.row.error], ["completed", null]);
    await assertEachOnce(world, done, "hidden", 20);
  });

  it("fails what has left its topic in words, sends the rest, and is not sent twice by a second run", async () => {
    await world.bury("partly", dead(10, "fp-partly"));
    const id = await started(world, redriveOf("fp-partly", 1000));
    const second = await planReplay(world.deps, redriveOf("fp-partly", 1000), OPERATOR);
    assert.equal(second.ok ? "" : second.error.message, "Nothing to send. 10: Another replay has it in hand.");
    const admin = world.kafka.admin();
    await admin.fetchTopicOffsets("partly-dlt"); // the client forgets to ask for the topic's leaders itself
    await admin.deleteTopicRecords({ topic: "partly-dlt", partitions: [{ partition: 0, offset: "4" }] });
    await admin.disconnect();
    const runner = world.startRunner();
    const done = await ended(world, id);
    await killNow(runner);
    assert.deepEqual([done.row.status, done.row.progress.sent, done.row.progress.failed], ["completed", 6, 4]);
    assert.deepEqual(
      [...new Set(done.items.items.filter(({ status }) => status === "failed").map(({ detail }) => detail))],
      ["No longer in its topic: retention has taken it"],
    );
    assert.equal(done.row.error, "4 could not be sent; each says why");
  });

  it("tells what became of each event: consumed, failed again, or waiting", async () => {
    await world.bury(
      "fates",
      [0, 1, 2].map((i) => ({ key: "k", partition: 0, offset: BigInt(i), fingerprint: "fp-fates" })),
    );
    const id = await started(world, redriveOf("fp-fates", 1000));
    const runner = world.startRunner();
    const sent = await ended(world, id);
    await killNow(runner);
    const at = (i: number): bigint => BigInt(sent.items.items[i]?.targetOffset ?? -1);
    const { prisma } = world.database;
    const target = await prisma.destination.findFirstOrThrow({ where: { name: "fates" } });
    const group = await prisma.consumerGroup.create({ data: { clusterId: target.clusterId, name: "payments" } });
    await prisma.groupPartition.create({
      data: {
        groupId: group.id,
        destinationId: target.id,
        partition: 0,
        committedOffset: at(1) + 1n,
        committedAt: new Date(),
      },
    });
    const old = await prisma.failure.findFirstOrThrow({ where: { fingerprint: "fp-fates" } });
    await prisma.failure.create({
      data: {
        ...old,
        id: undefined,
        status: "open",
        position: 99n,
        fingerprint: "fp-again",
        originalPartition: 0,
        originalPosition: at(1),
      },
    });
    assert.deepEqual(
      (await see(world, id)).outcomes,
      { consumed: 0, deadLettered: 0, otherCause: 0, waiting: 3, notSent: 0, unknown: 0, notApplicable: 0 },
      "nothing is said before it is certain",
    );
    const settling = { runId: null, sentWithinHours: 24, limit: 100 };
    assert.deepEqual(
      [await settleOutcomes(prisma, settling), (await see(world, id)).items.items.map(({ outcome }) => outcome)],
      [[id], ["waiting", "dead_lettered", "waiting"]],
      "a commit may be read before the dead letter that was written before it",
    );
    await ensurePartitions(world.database.pool, new Date());
    for (const secondsAgo of [90, 60, 30])
      await prisma.$executeRaw`
        INSERT INTO group_commits (stored_at, committed_at, group_id, destination_id, partition, committed_offset)
        VALUES (
          now(), now() - make_interval(secs => ${secondsAgo}::int), ${group.id}, ${target.id}, 0,
          ${at(1) + (secondsAgo === 90 ? -1n : 1n)}
        )`;
    assert.deepEqual(await settleOutcomes(prisma, settling), [id]);
    assert.deepEqual(await settleOutcomes(prisma, settling), [], "settled once");
    const reported = await see(world, id);
    assert.deepEqual(
      reported.items.items.map(({ outcome, again }) => [outcome, again?.fingerprint, again?.sameCause]),
      [
        ["consumed", undefined, undefined],
        ["dead_lettered", "fp-again", false],
        ["waiting", undefined, undefined],
      ],
    );
    assert.deepEqual(reported.outcomes, {
      consumed: 1,
      deadLettered: 1,
      otherCause: 1,
      waiting: 1,
      notSent: 0,
      unknown: 0,
      notApplicable: 0,
    });
    assert.equal(
      Math.round((Date.now() - Date.parse(reported.items.items[0]?.outcomeAt ?? "")) / 10_000),
      6,
      "at the first commit that passed it",
    );
    assert.deepEqual([reported.row.progress.verified, reported.row.progress.failedAgain], [2, 1]);
    const states = await prisma.failure.findMany({
      where: { fingerprint: { in: ["fp-fates", "fp-again"] } },
      orderBy: { id: "asc" },
    });
    assert.deepEqual(
      states.map(({ status }) => status),
      ["resolved", "resolved", "replaying", "open"],
    );
    // A retry that gives up later than the commit of its first attempt.
    await prisma.failure.create({
      data: { ...old, id: undefined, status: "open", position: 100n, originalPartition: 0, originalPosition: at(0) },
    });
    assert.deepEqual(await settleOutcomes(prisma, settling), [id]);
    assert.deepEqual((await see(world, id)).outcomes, {
      consumed: 0,
      deadLettered: 2,
      otherCause: 1,
      waiting: 1,
      notSent: 0,
      unknown: 0,
      notApplicable: 0,
    });
  });
});

describe("a run under way", () => {
  it("stops before the next batch when cancelled", async () => {
    await world.bury("stopped", dead(100, "fp-stopped"));
    const id = await started(world, redriveOf("fp-stopped", 10));
    const runner = world.startRunner();
    await ended(world, id, ({ row }) => row.progress.sent > 0);
    const cancelled = await cancelReplay(world.deps, id, "wrong topic", OPERATOR);
    assert.ok(cancelled.ok);
    const done = await ended(world, id);
    await killNow(runner);
    assert.equal(done.row.status, "cancelled");
    assert.equal(done.row.progress.sent + done.row.progress.skipped, 100);
    assert.equal((await world.readAll("stopped")).length, done.row.progress.sent);
    const listed = await listReplays(world.deps, { limit: 1, status: "cancelled" });
    assert.deepEqual(listed.ok ? listed.value.items.map((row) => row.id) : [], [id]);
  });

  it("sends a few first, waits for their outcome, and stops by itself when they fail again", async () => {
    await world.bury("canary", dead(30, "fp-canary"));
    const { prisma } = world.database;
    const target = await prisma.destination.findFirstOrThrow({ where: { name: "canary" } });
    const group = await prisma.consumerGroup.upsert({
      where: { clusterId_name: { clusterId: target.clusterId, name: "payments" } },
      create: { clusterId: target.clusterId, name: "payments" },
      update: {},
    });
    await prisma.groupPartition.createMany({
      data: [0, 1, 2, 3, 4, 5].map((partition) => ({
        groupId: group.id,
        destinationId: target.id,
        partition,
        committedOffset: 0n,
      })),
    });
    const id = await started(world, {
      ...redriveOf("fp-canary", 1000),
      canary: { items: 2, timeoutSeconds: 60, then: "pause" },
    });
    let runner = world.startRunner();
    const first = await ended(world, id, ({ row }) => row.progress.sent > 0);
    await killNow(runner);
    assert.deepEqual([first.row.status, first.row.progress.sent], ["running", 2]);
    const deadLetter = await prisma.failure.findFirstOrThrow({ where: { fingerprint: "fp-canary" } });
    const again = (item: ReplayView["items"]["items"][number] | undefined, position: bigint) =>
      prisma.failure.create({
        data: {
          ...deadLetter,
          id: undefined,
          status: "open",
          position,
          originalPartition: item?.targetPartition ?? -1,
          originalPosition: BigInt(item?.targetOffset ?? -1),
        },
      });
    await again(first.items.items[0], 1000n);
    runner = world.startRunner();
    const paused = await ended(world, id, ({ row }) => row.status === "paused");
    assert.deepEqual(
      [paused.row.error, paused.row.progress.sent],
      ["1 of the 2 events sent first failed again. The rest was not sent.", 2],
    );
    assert.ok((await resumeReplay(world.deps, id, "that one is hopeless", OPERATOR)).ok);
    const done = await ended(world, id);
    assert.deepEqual(
      [done.row.status, done.row.error, done.row.progress.sent],
      ["completed", null, 30],
      "who resumes it overrules what stopped it",
    );
    await killNow(runner);
    await assertEachOnce(world, done, "canary", 30);
    const audit = await prisma.auditEntry.findMany({ where: { target: `replay/${id}` }, orderBy: { id: "asc" } });
    assert.deepEqual(
      audit.map(({ actor, action }) => `${actor} ${action}`),
      ["ada replay.redrive.run", "Flowtap replay.redrive.pause", "ada replay.redrive.resume"],
    );
    await prisma.groupPartition.deleteMany({ where: { groupId: group.id } });
    await prisma.consumerGroup.delete({ where: { id: group.id } });
  });

  it("is paused and resumed, and stops by itself when too many fail again", async () => {
    await world.bury("paused", dead(60, "fp-paused"));
    const { prisma } = world.database;
    const id = await started(world, redriveOf("fp-paused", 10));
    const runner = world.startRunner();
    await ended(world, id, ({ row }) => row.progress.sent > 0);
    assert.ok((await pauseReplay(world.deps, id, null, OPERATOR)).ok);
    await sleep(1500);
    const before = await see(world, id);
    await sleep(1500);
    const after = await see(world, id);
    assert.deepEqual(
      [after.row.status, after.row.progress.sent],
      ["paused", before.row.progress.sent],
      "nothing more is sent",
    );
    const second = await planReplay(world.deps, redriveOf("fp-paused", 10), OPERATOR);
    assert.equal(second.ok, false, "and what it has in hand stays with it");
    const deadLetter = await prisma.failure.findFirstOrThrow({ where: { fingerprint: "fp-paused" } });
    const sent = after.items.items.filter(({ status }) => status === "sent").slice(0, 3);
    assert.equal(sent.length, 3);
    for (const [i, item] of sent.entries())
      await prisma.failure.create({
        data: {
          ...deadLetter,
          id: undefined,
          status: "open",
          position: BigInt(1000 + i),
          originalPartition: item.targetPartition,
          originalPosition: BigInt(item.targetOffset ?? 0),
        },
      });
    assert.ok((await resumeReplay(world.deps, id, null, OPERATOR)).ok);
    const stopped = await ended(world, id, ({ row }) => row.status === "paused");
    assert.equal(stopped.row.error, "3 of the last 3 verified failed again: more than 20 %.");
    assert.ok((await cancelReplay(world.deps, id, "not fixed", OPERATOR)).ok);
    const done = await ended(world, id);
    await killNow(runner);
    assert.deepEqual([done.row.status, done.row.progress.pending], ["cancelled", 0]);
    assert.equal((await world.readAll("paused")).length, done.row.progress.sent);
  });
});
