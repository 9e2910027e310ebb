/** One event of a topic. */
export interface SkipTarget {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** The event to skip that a URL names (`topic/partition/offset`); null: it names none. */
export function skipOf(text: string | null): SkipTarget | null {
  const [, topic, partition, offset] = /^(.{1,249})\/(\d{1,6})\/(\d{1,18})$/s.exec(text ?? "") ?? [];
  return topic === undefined || partition === undefined || offset === undefined
    ? null
    : { topic, partition: Number(partition), offset };
}

export const skipText = ({ topic, partition, offset }: SkipTarget): string => `${topic}/${partition}/${offset}`;
