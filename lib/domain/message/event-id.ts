/** An event's id in addresses and answers: `<cluster>/<topic>/<partition>/<offset>`. */
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
