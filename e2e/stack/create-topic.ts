import { setTimeout as sleep } from "node:timers/promises";
import type { Admin } from "kafkajs";
import { haveLeaders } from "#lib/demo/services/kit/leaders.ts";

/** The client's own wait for leaders gives up at the first broker that has not heard of the topic yet. */
export async function createTopicOn(
  admin: Admin,
  topic: string,
  partitions: number,
  settings: Readonly<Record<string, string>> = {},
): Promise<void> {
  await admin.createTopics({
    waitForLeaders: false,
    topics: [
      {
        topic,
        numPartitions: partitions,
        configEntries: Object.entries(settings).map(([name, value]) => ({ name, value })),
      },
    ],
  });
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await haveLeaders(admin, [{ topic, numPartitions: partitions }])) return;
    await sleep(100);
  }
  throw new Error(`the topic ${topic} did not come up`);
}
