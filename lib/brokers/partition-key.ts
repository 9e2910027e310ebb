import type { PartitionRef } from "./ports/partition.ts";

/** A partition as the key of a map; a topic's name holds no slash. */
export const partitionKey = ({ topic, partition }: PartitionRef): string => `${topic}/${partition}`;
