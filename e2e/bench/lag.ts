/**
 * `npm run bench -- lag`: what it costs to know where thousands of groups stand, beside a naive look through KafkaJS's
 * admin, one group and one topic after the other. As much of 9,000 topics, 39,000 partitions and 2,200 groups, and of
 * 15,000 more groups on one topic, as the time and one broker's open files allow; how much that was is in every figure.
 */
import { Kafka, logLevel, type Admin } from "kafkajs";
import type pg from "pg";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { openRandom } from "#e2e/stack/seed.ts";
import { openPool, startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { fillWithGroups, fillWithTopics, openCommitter, BUSY_TOPIC, PROBE_GROUP, type Scale } from "./lag-scale.ts";
import { openScrape, quantile, round, until } from "./lag-measure.ts";

const HEAP_MIB = 1536;
/** While a broker opens thousands of partitions its heartbeats are late; small indexes are quicker to make. */
const SETTINGS = { "broker.session.timeout.ms": "60000", "log.index.size.max.bytes": "65536" };
const WATCH_MS = 60_000;
const PROBES = 12;
const PAGES = 40;
const SAMPLE = 150;
const SETTLED_WITHIN_MS = 240_000;

type Report = (figure: Record<string, unknown>) => void;

export async function run(report: Report): Promise<void> {
  const [kafka, postgres] = await startBoth(
    startKafka({ settings: SETTINGS, heapMiB: HEAP_MIB, isShortLived: false }),
    startPostgres(),
  );
  const client = new Kafka({
    clientId: "bench",
    brokers: kafka.brokers,
    logLevel: logLevel.NOTHING,
    requestTimeout: 60_000,
  });
  const admin = client.admin();
  // Reading thousands of topics is another bench's; here the tap reads one, and the commit log.
  const flowtap = await prepareFlowtap({
    databaseUrl: postgres.url,
    brokers: kafka.brokers,
    logLevel: "warn",
    cluster: { topics: { include: [BUSY_TOPIC] } },
  });
  const pool = openPool(postgres.url, 1);
  try {
    await admin.connect();
    const topics = await fillWithTopics(kafka.brokers, client, admin);
    const groups = await fillWithGroups(kafka.brokers, topics);
    const scale: Scale = {
      topics: topics.names.length,
      partitions: topics.partitions,
      groups: groups.ordinary,
      groupsOnOneTopic: groups.onOneTopic,
      committedPartitions: groups.commits,
    };
    report({ name: "lag.scale", ...scale, heapMiB: HEAP_MIB });
    const tell: Report = (figure) => report({ ...figure, scale });

    const startedAt = performance.now();
    const tap = await flowtap.startTap();
    const all = groups.ordinary + groups.onOneTopic;
    await until("every group judged", SETTLED_WITHIN_MS, async () => (await countJudged(pool)) >= all);
    tell({
      name: "lag.first_picture",
      value: round((performance.now() - startedAt) / 1000),
      unit: "s",
      baseline: null,
      ratio: null,
    });

    const scrape = openScrape(tap.metricsUrl);
    const web = await flowtap.startWeb();
    const [freshness] = await Promise.all([
      probe(kafka.brokers, pool),
      new Promise((resolve) => setTimeout(resolve, WATCH_MS)),
    ]);
    const pages = await readPages(web.url);
    const seen = await scrape.stop();
    if (!tap.isRunning()) throw new Error("the tap ended meanwhile");

    const naive = await pollNaively(client, admin, topics.names, groups.names, all);
    const cycles = seen.cycleSeconds.sort((a, b) => a - b);
    for (const [name, share] of [
      ["p50", 0.5],
      ["p95", 0.95],
    ] as const) {
      const value = quantile(cycles, share);
      tell({
        name: `lag.refresh.${name}`,
        value: round(value),
        unit: "s",
        baseline: round(naive.seconds),
        baselineName: naive.name,
        ratio: round(value / naive.seconds),
        cycles: cycles.length,
      });
    }
    const requests = seen.requests / Math.max(1, cycles.length);
    tell({
      name: "lag.admin_requests_per_refresh",
      value: round(requests),
      unit: "requests",
      baseline: naive.requests,
      baselineName: naive.name,
      ratio: round(requests / naive.requests),
      perSecond: round(seen.requests / seen.seconds),
    });
    tell({
      name: "lag.admin_bytes_per_refresh",
      value: Math.round(seen.bytes / Math.max(1, cycles.length)),
      unit: "B",
      baseline: null,
      ratio: null,
    });
    for (const [name, share] of [
      ["p50", 0.5],
      ["p95", 0.95],
    ] as const)
      tell({
        name: `lag.commit_to_stored_lag.${name}`,
        value: round(quantile(freshness, share)),
        unit: "s",
        baseline: 10,
        baselineName: "the limit",
        ratio: round(quantile(freshness, share) / 10),
        probes: freshness.length,
      });
    tell({
      name: "lag.tap_memory",
      value: Math.round(seen.mostMemory / 1_048_576),
      unit: "MiB",
      baseline: 600,
      baselineName: "the limit",
      ratio: round(seen.mostMemory / 1_048_576 / 600),
    });
    tell({
      name: "lag.first_page.p95",
      value: round(quantile(pages, 0.95)),
      unit: "ms",
      baseline: 500,
      baselineName: "the limit",
      ratio: round(quantile(pages, 0.95) / 500),
      requests: pages.length,
    });
  } finally {
    await admin.disconnect().catch(() => undefined);
    await pool.end();
    await flowtap.stop();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

async function countJudged(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    "SELECT count(*)::int AS n FROM consumer_groups WHERE gone_at IS NULL AND evaluated_at IS NOT NULL",
  );
  return rows[0]?.n ?? 0;
}

/** Seconds from a commit until the group's stored lag is what it then is. */
async function probe(brokers: readonly string[], pool: pg.Pool): Promise<number[]> {
  const committer = await openCommitter(brokers);
  const random = openRandom("times of the commits", (line) => console.error(line));
  const seconds: number[] = [];
  const lagOf = async () =>
    (
      await pool.query<{ lag: string }>("SELECT lag_messages AS lag FROM consumer_groups WHERE name = $1", [
        PROBE_GROUP,
      ])
    ).rows[0]?.lag;
  for (let i = 1; i <= PROBES; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1000 + random() * 2000));
    const before = await lagOf();
    await committer.commit(PROBE_GROUP, [
      { name: BUSY_TOPIC, partitions: [{ partitionIndex: 0, committedOffset: BigInt(i), committedLeaderEpoch: -1 }] },
    ]);
    const at = performance.now();
    await until(`the lag of ${PROBE_GROUP}`, 60_000, async () => (await lagOf()) !== before);
    seconds.push((performance.now() - at) / 1000);
  }
  await committer.close();
  return seconds.sort((a, b) => a - b);
}

async function readPages(url: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < PAGES; i++) {
    const at = performance.now();
    const response = await fetch(`${url}/api/groups`);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`the group list answered ${response.status}`);
    // The first ones warm up.
    if (i >= PAGES / 4) times.push(performance.now() - at);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return times.sort((a, b) => a - b);
}

/** What a look takes that asks for each group's offsets and each topic's, one by one, from a sample of both. */
async function pollNaively(
  client: Kafka,
  admin: Admin,
  topics: readonly string[],
  groups: readonly string[],
  allGroups: number,
): Promise<{ seconds: number; requests: number; name: string }> {
  let requests = 0;
  const stop = admin.on(admin.events.REQUEST, () => requests++);
  const at = performance.now();
  for (const topic of sample(topics)) await admin.fetchTopicOffsets(topic);
  const topicSeconds = (performance.now() - at) / 1000;
  const topicRequests = requests;
  const after = performance.now();
  for (const groupId of sample(groups)) await admin.fetchOffsets({ groupId });
  const groupSeconds = (performance.now() - after) / 1000;
  const groupRequests = requests - topicRequests;
  stop();
  const most = (of: readonly string[], all: number) => all / Math.min(SAMPLE, of.length);
  return {
    seconds: topicSeconds * most(topics, topics.length) + groupSeconds * most(groups, allGroups),
    requests: Math.round(topicRequests * most(topics, topics.length) + groupRequests * most(groups, allGroups)),
    name: `KafkaJS admin, each topic and each group by itself, extrapolated from ${SAMPLE} of each`,
  };
}

const sample = (names: readonly string[]): string[] =>
  names.filter((_, i) => i % Math.max(1, Math.floor(names.length / SAMPLE)) === 0).slice(0, SAMPLE);
