/** The partitions of topics as they are handed to what reads them: the same objects as long as nothing has changed. */
import type { AssignedPartition } from "#lib/brokers/ports/log-source.ts";
import type { RegisteredTopic } from "./topic-discovery.ts";

export class TappedPartitions {
  #known = new Map<string, readonly AssignedPartition[]>();
  #topics: readonly RegisteredTopic[] = [];
  #commitTopics: readonly string[] = [];
  events: readonly AssignedPartition[] = [];
  commits: readonly AssignedPartition[] = [];

  /** Answers whether anything has changed. */
  update(topics: readonly RegisteredTopic[], commitTopics: readonly string[]): boolean {
    if (topics === this.#topics && commitTopics.join() === this.#commitTopics.join()) return false;
    const known = this.#known;
    this.#known = new Map();
    for (const topic of topics) this.#known.set(topic.topic, partitionsOf(topic, known.get(topic.topic) ?? []));
    const all = (wanted: readonly RegisteredTopic[]) => wanted.flatMap(({ topic }) => this.#known.get(topic) ?? []);
    this.events = all(topics.filter(({ tapped }) => tapped));
    this.commits = all(topics.filter(({ topic }) => commitTopics.includes(topic)));
    this.#topics = topics;
    this.#commitTopics = commitTopics;
    return true;
  }
}

const partitionsOf = (
  { topic, topicId, destinationId, partitions }: RegisteredTopic,
  known: readonly AssignedPartition[],
): AssignedPartition[] =>
  partitions.map((partition, i) => {
    const before = known[i];
    const isSame = before?.partition === partition && before.topicId === topicId && before.generation === destinationId;
    return isSame ? before : { topic, partition, topicId, generation: destinationId };
  });
