/** The rows of one window that become the flow graph. */
import type { FlowRows, TopicFact } from "#lib/domain/flow/rows.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";
import { readReadersNow } from "./readers-read.ts";
import type { Sketches } from "./sketches.ts";
import { causeFacts } from "./causes-read.ts";
import type { FlowWindow } from "./flow-window.ts";
import { publishFacts } from "./publishes-read.ts";
import { readersAt } from "./readers-at-read.ts";

export async function readFlowRows(prisma: PrismaClient, window: FlowWindow): Promise<FlowRows<Sketches>> {
  const [topics, readers, publishes, causes] = await Promise.all([
    topicFacts(prisma, window),
    window.live ? readReadersNow(prisma, window.consumes) : readersAt(prisma, window),
    publishFacts(prisma, window),
    causeFacts(prisma, window),
  ]);
  return { topics, ...readers, publishes, causes };
}

async function topicFacts(prisma: PrismaClient, { publishes }: FlowWindow): Promise<TopicFact[]> {
  const rows = await prisma.$queryRaw<{ cluster: string; topic: string; role: string; partitions: number }[]>`
    SELECT c.name AS cluster, d.name AS topic, d.role, d.partition_count AS partitions
    FROM destinations d
    JOIN clusters c ON c.id = d.cluster_id
    WHERE d.tapped
      AND d.role <> 'internal'
      AND d.first_seen_at < ${publishes.to}
      AND (d.gone_at IS NULL OR d.gone_at > ${publishes.from})`;
  return rows.map((row) => ({ ...row, role: wordOf("destinations.role", row.role) }));
}
