/** The command line that skips one event of a group, as an operator would type it. */
import { redriveCommand, offsetResetCommand } from "./command-line.ts";

/** Copies the event with kcat, which cannot record where it came from, and moves the offset with Kafka's own tool. */

export function skipCommand({
  brokers,
  group,
  topic,
  partition,
  offset,
  to,
  deadLetterTopic,
}: {
  readonly brokers: readonly string[];
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly to: bigint;
  readonly deadLetterTopic: string;
}): string {
  const [copy] = redriveCommand(brokers, [
    {
      sourceTopic: topic,
      sourcePartition: partition,
      sourceOffset: offset,
      targetTopic: deadLetterTopic,
      targetPartition: null,
    },
  ])
    .split("\n")
    .slice(1);
  return [
    "# kcat copies key and value only; that it was skipped, by whom and why, the copy then does not say.",
    copy,
    offsetResetCommand({
      brokers,
      group,
      partitions: [{ topic, partition, to }],
      target: { how: "offset", offset: to },
    }),
  ].join("\n");
}
