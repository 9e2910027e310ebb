/**
 * `npm run bench -- first-picture`: how long from navigation until the first node of the flow graph is visible, in a
 * browser that has never been here. Beside it, in the same run: how long the same server and browser take to show the
 * least page there is.
 */
import { Kafka, logLevel } from "kafkajs";
import { chromium, type Browser } from "playwright";
import { chromiumOptions } from "#e2e/browser/chromium.ts";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { visit } from "./visit.ts";

const SERVICES = ["customer", "orders", "payments", "inventory", "shipping", "notifications", "billing", "returns"];
const VISITS = 15;
const PAGES = [
  { name: "flow", path: "/", sign: ".react-flow__node" },
  { name: "groups", path: "/groups", sign: "tbody tr" },
  { name: "group", path: "/groups/test/payments", sign: "[role=tabpanel] table" },
] as const;
/** nothing but text from the same server */
const LEAST = { path: "/api/health/live", sign: "body" };

export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  const [kafka, postgres] = await startBoth(startKafka({ isShortLived: false }), startPostgres());
  const flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers: kafka.brokers, logLevel: "warn" });
  const browser = await chromium.launch(await chromiumOptions());
  try {
    await publishAndRead(kafka.brokers);
    await flowtap.startTap();
    const web = await flowtap.startWeb();
    await untilKnown(web.url);

    const least = await visits(browser, web.url + LEAST.path, LEAST.sign);
    for (const { name, path, sign } of PAGES) {
      const first = await visit(browser, web.url + path, sign);
      const times = await visits(browser, web.url + path, sign);
      for (const [quantile, share] of [
        ["p50", 0.5],
        ["p90", 0.9],
      ] as const) {
        const value = at(times, share);
        const baseline = at(least, share);
        report({
          name: `first_picture.${name}.${quantile}`,
          value,
          unit: "ms",
          baseline,
          baselineName: "a page of text from the same server",
          ratio: Math.round((value / baseline) * 100) / 100,
          visits: VISITS,
          firstAfterStart: Math.round(first),
        });
      }
    }
  } finally {
    await browser.close();
    await flowtap.stop();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

/** A ring of services: each publishes to its topic and reads its neighbour's. */
async function publishAndRead(brokers: readonly string[]): Promise<void> {
  const client = new Kafka({ clientId: "bench", brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  await admin.createTopics({ topics: SERVICES.map((topic) => ({ topic, numPartitions: 3 })), waitForLeaders: true });
  const producer = client.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  for (const service of SERVICES) {
    await producer.send({
      topic: service,
      messages: Array.from({ length: 50 }, (_, n) => ({
        key: `k${n}`,
        value: "{}",
        headers: {
          ce_specversion: "1.0",
          ce_id: `${service}-${n}`,
          ce_type: `${service}.happened`,
          ce_source: `/bench/${service}`,
        },
      })),
    });
  }
  await producer.disconnect();
  for (const [index, groupId] of SERVICES.entries()) {
    await admin.setOffsets({
      groupId,
      topic: SERVICES[(index + 1) % SERVICES.length] ?? groupId,
      partitions: [0, 1, 2].map((partition) => ({ partition, offset: "5" })),
    });
  }
  await admin.disconnect();
}

async function untilKnown(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const graph = (await (await fetch(`${url}/api/flow?windowSeconds=600`)).json()) as { nodes: unknown[] };
    const groups = (await (await fetch(`${url}/api/groups`)).json()) as { items: unknown[] };
    if (graph.nodes.length >= 2 * SERVICES.length && groups.items.length >= SERVICES.length) return;
    if (Date.now() > deadline) throw new Error("the graph did not come together in time");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function visits(browser: Browser, url: string, sign: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < VISITS; i++) times.push(await visit(browser, url, sign));
  return times.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
