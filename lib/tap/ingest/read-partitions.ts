/** The partitions that are assigned to this tap, with the offset that each is read to. */
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import type { ReadPartition } from "./flush-buffer.ts";

export class ReadPartitions {
  readonly #byTopic = new Map<string, Map<number, ReadPartition>>();

  /** Adds these, or replaces those of the same name, read from their `next` on. */
  add(partitions: readonly Omit<ReadPartition, "endOffset">[]): void {
    for (const at of partitions) {
      const ofTopic = this.#byTopic.get(at.topic) ?? new Map<number, ReadPartition>();
      ofTopic.set(at.partition, { ...at, endOffset: at.next });
      this.#byTopic.set(at.topic, ofTopic);
    }
  }

  remove(partitions: readonly PartitionRef[]): void {
    for (const { topic, partition } of partitions) {
      const ofTopic = this.#byTopic.get(topic);
      ofTopic?.delete(partition);
      if (ofTopic?.size === 0) this.#byTopic.delete(topic);
    }
  }

  get(topic: string, partition: number): ReadPartition | undefined {
    return this.#byTopic.get(topic)?.get(partition);
  }

  all(): ReadPartition[] {
    return [...this.#byTopic.values()].flatMap((ofTopic) => [...ofTopic.values()]);
  }

  /** records that the broker holds beyond those taken */
  get behind(): number {
    return this.all().reduce((sum, at) => sum + Math.max(0, Number(at.endOffset - at.next)), 0);
  }

  clear(): void {
    this.#byTopic.clear();
  }
}
