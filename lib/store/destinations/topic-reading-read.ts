/** How Flowtap reads a topic: what it cannot read at the moment, and what it read of the topic's former generations. */
import type { PrismaClient } from "../db/database.ts";

export interface PartitionFault {
  readonly partition: number;
  readonly reason: string;
  readonly since: Date;
}

export const readPartitionFaults = (prisma: PrismaClient, id: number, limit: number): Promise<PartitionFault[]> =>
  prisma.$queryRaw`
    SELECT partition, reason, since
    FROM tap_faults
    WHERE destination_id = ${id}
    ORDER BY partition
    LIMIT ${limit}`;

export interface Generations {
  /** of a closed generation: the name of its topic */
  readonly generationOf: string | null;
  readonly goneAt: Date | null;
  /** the closed generations of this topic, the latest first */
  readonly former: readonly { readonly topic: string; readonly goneAt: Date }[];
}

export async function readGenerations(prisma: PrismaClient, id: number, limit: number): Promise<Generations> {
  const [[own], former] = await Promise.all([
    prisma.$queryRaw<{ generationOf: string | null; goneAt: Date | null }[]>`
      SELECT generation_of AS "generationOf", gone_at AS "goneAt"
      FROM destinations
      WHERE id = ${id}`,
    prisma.$queryRaw<{ topic: string; goneAt: Date }[]>`
      SELECT f.name AS topic, f.gone_at AS "goneAt"
      FROM destinations d
      JOIN destinations f ON f.cluster_id = d.cluster_id AND f.generation_of = d.name
      WHERE d.id = ${id} AND f.gone_at IS NOT NULL
      ORDER BY f.gone_at DESC
      LIMIT ${limit}`,
  ]);
  return { generationOf: own?.generationOf ?? null, goneAt: own?.goneAt ?? null, former };
}
