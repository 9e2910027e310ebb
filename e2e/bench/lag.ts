/**
 * `npm run bench -- lag`: what it costs to know the lag of thousands of groups, beside a naive poll through KafkaJS's
 * admin, one group and one topic after the other. As much of 9,000 topics, 39,000 partitions and 2,200 groups, and of
 * 15,000 more groups on one topic, as the time and one broker's open files allow; how much that was is in every figure.
 */
import { Kafka, logLevel } from "kafkajs";
import type pg from "pg";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { openRandom } from "#e2e/stack/seed.ts";
import { openPool, startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { fillWithTopics, BUSY_TOPIC, PROBE_GROUP, type Scale } from "./lag-scale.ts";
import { fillWithGroups, openCommitter } from "./lag-groups.ts";
import { reportFigures, type Report } from "./lag-figures.ts";
import { openScrape, until } from "./lag-measure.ts";
import { pollNaively } from "./lag-naive.ts";
import { reportStart } from "./lag-start.ts";

const HEAP_MIB = 1536;
/** While a broker opens thousands of partitions its heartbeats are late; small indexes are quicker to make. */
const SETTINGS = { "broker.session.timeout.ms": "60000", "log.index.size.max.bytes": "65536" };
const WATCH_MS = 60_000;
const PROBES = 12;
const PAGES = 40;

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
  // Every topic is tapped, as the default patterns say.
  const flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers: kafka.brokers, logLevel: "warn" });
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
    await reportStart(tell, pool, tap, startedAt, { groups: all, records: topics.records });

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
    reportFigures(tell, seen, { naive, freshness, pages });
  } finally {
    await admin.disconnect().catch(() => undefined);
    await pool.end();
    await flowtap.stop();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
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
