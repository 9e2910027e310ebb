/** The publishers that people take over. */
import type { PublisherRule } from "#lib/domain/publisher/rules.ts";
import { writeAudit, type Actor } from "../audit.ts";
import type { PrismaClient } from "../db/database.ts";
import { wordOf } from "../db/rows.ts";

/** Each is compared with every topic that is new; more belong into the configuration, as patterns. */
const MOST_RULES = 2000;

export interface TakenOverRule extends PublisherRule {
  readonly createdBy: string;
  readonly createdAt: Date;
}

export async function readTakenOverRules(prisma: PrismaClient): Promise<TakenOverRule[]> {
  const rows = await prisma.publisherRule.findMany({
    orderBy: [{ service: "asc" }, { kind: "desc" }, { name: "asc" }],
    take: MOST_RULES,
  });
  return rows.map((row) => ({ ...row, kind: wordOf("publisher_rules.kind", row.kind) }));
}

/** A topic or group that has a service already gets the new one. False: there would be too many, and none is saved. */
export function savePublisherRules(
  prisma: PrismaClient,
  rules: readonly PublisherRule[],
  actor: Actor,
): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    if ((await transaction.publisherRule.count()) + rules.length > MOST_RULES) return false;
    for (const { kind, name, service } of rules) {
      const by = { service, createdBy: actor.name };
      await transaction.publisherRule.upsert({
        where: { kind_name: { kind, name } },
        create: { kind, name, ...by },
        update: { ...by, createdAt: new Date() },
      });
      await writeAudit(transaction, actor, {
        action: "publisher.take-over",
        target: `${kind}/${name}`,
        reason: null,
        detail: { service },
      });
    }
    return true;
  });
}

/** Whether there was one to delete. */
export function deletePublisherRule(
  prisma: PrismaClient,
  { kind, name }: Pick<PublisherRule, "kind" | "name">,
  actor: Actor,
): Promise<boolean> {
  return prisma.$transaction(async (transaction) => {
    const row = await transaction.publisherRule.findUnique({ where: { kind_name: { kind, name } } });
    if (row === null) return false;
    await transaction.publisherRule.delete({ where: { kind_name: { kind, name } } });
    await writeAudit(transaction, actor, {
      action: "publisher.give-up",
      target: `${kind}/${name}`,
      reason: null,
      detail: { service: row.service },
    });
    return true;
  });
}
