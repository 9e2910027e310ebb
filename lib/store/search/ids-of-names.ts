/** Names people use → the small ids of the hot tables. */
import type { PrismaClient } from "../db/database.ts";

export async function destinationId(
  prisma: PrismaClient,
  cluster: string | undefined,
  topic: string,
): Promise<number | null> {
  const found = await prisma.destination.findFirst({
    where: { name: topic, ...(cluster !== undefined && { cluster: { name: cluster } }) },
    orderBy: { id: "asc" },
    select: { id: true },
  });
  return found?.id ?? null;
}

export async function groupId(prisma: PrismaClient, cluster: string, group: string): Promise<number | null> {
  const found = await prisma.consumerGroup.findFirst({
    where: { name: group, cluster: { name: cluster } },
    select: { id: true },
  });
  return found?.id ?? null;
}

export async function serviceId(prisma: PrismaClient, service: string): Promise<number | null> {
  return (await prisma.service.findUnique({ where: { name: service }, select: { id: true } }))?.id ?? null;
}

/** Topics with an event of this service in the last hours. */
export async function destinationsWrittenBy(prisma: PrismaClient, service: number): Promise<number[]> {
  const rows = await prisma.$queryRaw<{ id: number }[]>`
    SELECT DISTINCT destination_id AS id
    FROM publish_rollups
    WHERE bucket > now() - interval '1 hour' AND service_id = ${service}
    LIMIT 50`;
  return rows.map((row) => row.id);
}

export async function destinationsReadBy(prisma: PrismaClient, group: number): Promise<number[]> {
  const rows = await prisma.groupPartition.findMany({
    where: { groupId: group },
    distinct: ["destinationId"],
    select: { destinationId: true },
    take: 50,
  });
  return rows.map((row) => row.destinationId);
}
