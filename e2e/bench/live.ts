/**
 * `npm run bench -- live`: how long from a producer's send until the flow graph in a real browser counts the event, at
 * 5,000 events/s. Beside it, in the same run: how long until a plain KafkaJS consumer of the same topic has it.
 *
 * The graph's count of the topic is exact, so its k-th event is in the browser when the first frame with a count of k
 * or more arrives. Producer, consumer and browser share one machine's clock.
 */
import { Kafka, logLevel } from "kafkajs";
import { chromium } from "playwright";
import { chromiumOptions } from "#e2e/browser/chromium.ts";
import { prepareFlowtap } from "#e2e/stack/flowtap.ts";
import { startBoth, startKafka, startPostgres } from "#e2e/stack/stack.ts";
import { TOPIC, RATE_PER_SECOND, SECONDS, clock, produce } from "./live-load.ts";
/** the first seconds warm up connections and the code of all five processes, and are not counted */
const WARM_UP_SECONDS = 15;

interface Frame {
  readonly at: number;
  readonly events: number;
}

export async function run(report: (figure: Record<string, unknown>) => void): Promise<void> {
  const [kafka, postgres] = await startBoth(startKafka({ isShortLived: false }), startPostgres());
  const client = new Kafka({ clientId: "bench", brokers: kafka.brokers, logLevel: logLevel.NOTHING });
  const flowtap = await prepareFlowtap({ databaseUrl: postgres.url, brokers: kafka.brokers, logLevel: "warn" });
  const browser = await chromium.launch(await chromiumOptions());
  try {
    const admin = client.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: TOPIC, numPartitions: 4 }] });
    await admin.disconnect();
    await flowtap.startTap();
    const web = await flowtap.startWeb();

    const frames: Frame[] = [];
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.exposeFunction("flowtapBenchFrame", (frame: Frame) => void frames.push(frame));
    await page.goto(web.url);
    await page.evaluate(watchTopic, { topic: TOPIC, windowSeconds: 600 });

    const consumed = new Float64Array(RATE_PER_SECOND * SECONDS);
    let consumedCount = 0;
    const consumer = client.consumer({ groupId: "bench-baseline" });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
    await consumer.run({
      eachBatch: async ({ batch }) => {
        const now = clock();
        for (let i = 0; i < batch.messages.length; i++) consumed[consumedCount++] = now;
      },
    });

    const producer = client.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const sent = await produce(producer);
    await producer.disconnect();
    await until(() => consumedCount >= sent.length && (frames.at(-1)?.events ?? 0) >= sent.length, 30_000);
    await consumer.disconnect();

    const first = RATE_PER_SECOND * WARM_UP_SECONDS;
    const live = latencies(sent, first, (k) => frames.find((frame) => frame.events >= k)?.at);
    const raw = latencies(sent, first, (k) => consumed[k - 1]);
    for (const [name, share] of [
      ["p50", 0.5],
      ["p99", 0.99],
    ] as const) {
      const value = quantile(live, share);
      const baseline = quantile(raw, share);
      report({
        name: `live.produce_to_browser.${name}`,
        value,
        unit: "ms",
        baseline,
        baselineName: "KafkaJS consumer of the same topic",
        ratio: round(value / baseline),
        eventsPerSecond: RATE_PER_SECOND,
        events: live.length,
      });
    }
  } finally {
    await browser.close();
    await flowtap.stop();
    await Promise.all([kafka.stop(), postgres.stop()]);
  }
}

/** Runs in the page: the same stream that the Flow page draws from. */
function watchTopic({ topic, windowSeconds }: { topic: string; windowSeconds: number }): void {
  const source = new EventSource(
    `/api/stream?flow=1&topic=${encodeURIComponent(topic)}&windowSeconds=${windowSeconds}`,
  );
  source.addEventListener("flow", (message: MessageEvent<string>) => {
    const at = performance.timeOrigin + performance.now();
    const graph = JSON.parse(message.data) as { edges: { kind: string; events: number }[] };
    const events = graph.edges.filter((edge) => edge.kind === "publish").reduce((sum, edge) => sum + edge.events, 0);
    (window as unknown as { flowtapBenchFrame(frame: Frame): void }).flowtapBenchFrame({ at, events });
  });
}

function latencies(sent: Float64Array, first: number, arrivalOf: (k: number) => number | undefined): number[] {
  const result: number[] = [];
  for (let k = first + 1; k <= sent.length; k++) {
    const arrival = arrivalOf(k);
    if (arrival === undefined) throw new Error(`event ${k} never arrived`);
    result.push(arrival - (sent[k - 1] ?? 0));
  }
  return result.sort((a, b) => a - b);
}

const quantile = (sorted: readonly number[], share: number) =>
  round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
const round = (value: number) => Math.round(value * 100) / 100;

async function until(done: () => boolean, timeoutMs: number): Promise<void> {
  const deadline = clock() + timeoutMs;
  while (!done()) {
    if (clock() > deadline) throw new Error("not every event arrived in time");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
