import { setTimeout as sleep } from "node:timers/promises";
import type { Admin, ITopicConfig } from "kafkajs";
import { until } from "./tap-stage.ts";

export type NewTopic = ITopicConfig & { readonly numPartitions: number };

/** Answers when the topics can be used. KafkaJS's own waiting fails while the broker does not know a topic at all. */
export async function createTopics(admin: Admin, topics: readonly NewTopic[]): Promise<void> {
  await admin.createTopics({ topics: [...topics], waitForLeaders: false, timeout: 30_000 });
  await until("the topics are there", 60_000, async () => {
    const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) });
    return topics.every(
      ({ topic, numPartitions }) => found.find(({ name }) => name === topic)?.partitions.length === numPartitions,
    );
  });
}

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
    const described = await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => null);
    const ready = described?.topics[0]?.partitions.filter(({ leader }) => leader >= 0).length;
    if (ready === partitions) return;
    await sleep(100);
  }
  throw new Error(`the topic ${topic} did not come up`);
}

/** Answers when no broker knows the topic any more, so that it can be made anew. */
export async function deleteTopicOn(admin: Admin, topic: string): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
  await until(`${topic} is gone`, 60_000, async () => !(await admin.listTopics()).includes(topic));
}
