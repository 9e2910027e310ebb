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

/** Answers when no broker knows the topic any more, so that it can be made anew. */
export async function deleteTopicOn(admin: Admin, topic: string): Promise<void> {
  await admin.deleteTopics({ topics: [topic] });
  await until(`${topic} is gone`, 60_000, async () => !(await admin.listTopics()).includes(topic));
}
