import type { Admin } from "kafkajs";

/**
 * Whether each partition of these topics has a leader. KafkaJS's own waiting for them, right after topics are made,
 * fails at the first broker that has not heard of one yet.
 */
export async function haveLeaders(
  admin: Admin,
  topics: readonly { readonly topic: string; readonly numPartitions: number }[],
): Promise<boolean> {
  const found = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) }).catch(() => null);
  return topics.every(
    ({ topic, numPartitions }) =>
      found?.topics.find(({ name }) => name === topic)?.partitions.filter(({ leader }) => leader >= 0).length ===
      numPartitions,
  );
}
