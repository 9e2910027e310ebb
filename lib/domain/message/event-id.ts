/** How an event is named in addresses and answers: its place. */
export const eventIdOf = ({
  cluster,
  topic,
  partition,
  offset,
}: {
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: string | bigint;
}): string => `${cluster}/${topic}/${partition}/${offset}`;
