/** One event of a topic. */
export interface SkipTarget {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** The event that an address says to skip (`topic/partition/offset`); null: it says none. */
export function skipOf(text: string | null): SkipTarget | null {
  const [, topic, partition, offset] = /^(.{1,249})\/(\d{1,6})\/(\d{1,18})$/s.exec(text ?? "") ?? [];
  return topic === undefined || partition === undefined || offset === undefined
    ? null
    : { topic, partition: Number(partition), offset };
}

export const skipText = ({ topic, partition, offset }: SkipTarget): string => `${topic}/${partition}/${offset}`;
