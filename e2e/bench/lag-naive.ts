/** The baseline of the bench `lag`: KafkaJS's admin asked for each topic and each group by itself. */
import type { Kafka, Admin } from "kafkajs";

const SAMPLE = 150;

export interface Naive {
  readonly seconds: number;
  readonly requests: number;
  readonly name: string;
}

/** The cost of a poll that asks for each group's offsets and each topic's, one by one, from a sample of both. */
export async function pollNaively(
  client: Kafka,
  admin: Admin,
  topics: readonly string[],
  groups: readonly string[],
  allGroups: number,
): Promise<Naive> {
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
