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

/** The parts of such an id; null: it is none. */
export function parseEventId(
  id: string,
): { readonly cluster: string; readonly topic: string; readonly partition: number; readonly offset: bigint } | null {
  const [, cluster, topic, partition, offset] = /^(.+)\/([^/]+)\/(\d{1,9})\/(\d{1,18})$/s.exec(id) ?? [];
  if (cluster === undefined || topic === undefined || offset === undefined) return null;
  return { cluster, topic, partition: Number(partition), offset: BigInt(offset) };
}
