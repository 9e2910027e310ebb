/**
 * Time lag against the truth, which the services know from their own clocks: idle times, bursts, falling behind, and a
 * compacted topic.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel, type Producer } from "kafkajs";
import { openBroker } from "#lib/brokers/open.ts";
import { ClusterConfig } from "#lib/config/cluster.ts";
import { prepareFlowtap, type Flowtap } from "#e2e/stack/flowtap.ts";
import { startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { watchGroups, type CausesWatch } from "./causes-watch.ts";
import { startClocked, type ClockedService } from "./consumers/clocked-service.ts";
import { createTopics } from "./create-topics.ts";
import { until } from "./tap-stage.ts";

const TOLERANCE_MS = 1000;
/** A commit is known the moment it is on the way; what was committed within that time may not be. */
const BLUR_MS = 1000;
const RUN_MS = 30_000;

describe("time lag", { timeout: 240_000 }, () => {
  const closing: (() => Promise<unknown>)[] = [];
  let brokers: readonly string[] = [];
  let flowtap: Flowtap;
  let producer: Producer;
  let watch: CausesWatch;
  let services: Record<"steady" | "bursts" | "compacted", ClockedService>;

  before(async () => {
    const [kafka, postgres] = await startBoth(
      startKafka({ settings: { "log.cleaner.backoff.ms": "500", "log.retention.check.interval.ms": "1000" } }),
      startPostgres(),
    );
    closing.push(() => Promise.all([kafka.stop(), postgres.stop()]));
    ({ brokers } = kafka);
    flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers, config: { lag: { pollSeconds: 1 } } });
    closing.push(() => flowtap.stop());
    const client = new Kafka({ clientId: "time-lag", brokers: [...brokers], logLevel: logLevel.NOTHING });
    const admin = client.admin();
    await admin.connect();
    await createTopics(admin, [
      { topic: "steady", numPartitions: 1 },
      { topic: "bursts", numPartitions: 1 },
      {
        topic: "compacted",
        numPartitions: 1,
        configEntries: Object.entries({
          "cleanup.policy": "compact",
          "segment.ms": "500",
          "min.cleanable.dirty.ratio": "0.001",
          "min.compaction.lag.ms": "0",
          "max.compaction.lag.ms": "1000",
        }).map(([name, value]) => ({ name, value })),
      },
    ]);
    await admin.disconnect();
    producer = client.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    closing.push(() => producer.disconnect());
    const start = async (group: string) => {
      const service = await startClocked(brokers, group, producer);
      closing.push(() => service.stop());
      return service;
    };
    services = { steady: await start("steady"), bursts: await start("bursts"), compacted: await start("compacted") };
    for (const service of Object.values(services)) await service.produce(20);
    await flowtap.startTap();
    watch = watchGroups(postgres.url);
    closing.push(() => watch.stop());
    for (const group of Object.keys(services))
      assert.ok(
        await watch.untilReported("test", group, 0, Infinity, (row) => row.evaluatedAt !== null && row.timeLagMs === 0),
        group,
      );
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  it("is within a second of the truth with idle times, bursts and a service that falls behind", async (t) => {
    const startedMs = Date.now();
    const { steady, bursts } = services;
    bursts.setPace(12);
    const producing = async (service: ClockedService, everyMs: number, count: number, untilMs: number) => {
      while (Date.now() < untilMs) {
        await service.produce(count);
        await sleep(everyMs);
      }
    };
    await Promise.all([
      // Keeps up, falls behind, catches up, then nothing comes any more.
      (async () => {
        const flow = producing(steady, 100, 2, startedMs + RUN_MS - 8000);
        await sleep(5000);
        steady.setPace(120);
        await sleep(9000);
        steady.setPace(10);
        await flow;
      })(),
      producing(bursts, 9000, 400, startedMs + RUN_MS - 8000),
      sleep(RUN_MS),
    ]);
    const wrong: string[] = [];
    for (const service of [steady, bursts]) {
      const judged = new Map(
        watch
          .of("test", service.group)
          .filter(({ atMs }) => atMs >= startedMs)
          .map(({ row }) => [Date.parse(row.evaluatedAt ?? ""), row]),
      );
      let most = 0;
      let farthest = 0;
      for (const [evaluatedAtMs, { timeLagMs, timeLagIsFloor }] of judged) {
        const truths = service.timeLagsAt(evaluatedAtMs, BLUR_MS);
        const off = Math.min(
          ...truths.map((truth) =>
            timeLagIsFloor && (timeLagMs ?? 0) <= truth ? 0 : Math.abs((timeLagMs ?? Infinity) - truth),
          ),
        );
        most = Math.max(most, ...truths);
        farthest = Math.max(farthest, off);
        if (off > TOLERANCE_MS) {
          const atSeconds = ((evaluatedAtMs - startedMs) / 1000).toFixed(1);
          const reported = `${timeLagIsFloor ? "≥ " : ""}${timeLagMs} ms`;
          const truth = `${[...new Set(truths)].join(" or ")} ms`;
          wrong.push(`${service.group} at ${atSeconds} s: said ${reported}, true ${truth}`);
        }
      }
      t.diagnostic(
        `${service.group}: ${judged.size} judgements, time lags up to ${most} ms, off by at most ${farthest} ms`,
      );
      assert.ok(judged.size > RUN_MS / 4000, `${judged.size} judgements of ${service.group}`);
      assert.ok(most > 4000, `${service.group} had a time lag worth measuring`);
    }
    assert.deepEqual(wrong, []);
  });

  it("is that of the first event that is left, where compaction took those before", async () => {
    const { compacted } = services;
    const committed = BigInt(compacted.consumed().length);
    await compacted.stop();
    // The same few keys again and again, for a while.
    for (let i = 0; i < 24; i++) {
      await compacted.produce(10, (n) => `same-${n % 5}`);
      await sleep(250);
    }
    const reader = openBroker(ClusterConfig.parse({ name: "test", brokers: [...brokers] })).openReader();
    await until("compaction", 60_000, async () => {
      // The last segment of a log is never compacted; with every further event there may be one more.
      await compacted.produce(1, () => "last");
      const { records } = await reader.read({ topic: "compacted", partition: 0 }, committed, {
        maxRecords: 1,
        maxBytes: 100_000,
        timeoutMs: 2000,
      });
      return (records[0]?.offset ?? 0n) >= committed + 150n;
    });
    await reader.close();
    const compactedMs = Date.now();
    await watch.untilReported(
      "test",
      "compacted",
      compactedMs,
      15_000,
      (row) => Date.parse(row.evaluatedAt ?? "") > compactedMs + 3000,
    );
    const reported = watch.of("test", "compacted").at(-1)?.row;
    const again = await startClocked(brokers, "compacted", producer);
    closing.push(() => again.stop());
    await until("the first event that is left", 20_000, () => Promise.resolve(again.consumed().length > 0));
    const truth = Date.parse(reported?.evaluatedAt ?? "") - (again.consumed()[0]?.producedAtMs ?? 0);
    assert.ok(
      Math.abs((reported?.timeLagMs ?? Infinity) - truth) <= TOLERANCE_MS,
      `said ${reported?.timeLagMs} ms, true ${truth} ms`,
    );
  });
});
