/** One log of a destination: a Kafka partition. A broker without partitions has only number 0. */
export interface PartitionRef {
  readonly topic: string;
  readonly partition: number;
}
