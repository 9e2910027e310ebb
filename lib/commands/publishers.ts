import type { PublisherRuleInput } from "#lib/contracts/publishers.ts";
import { err, ok } from "#lib/domain/result.ts";
import { deletePublisherRule, savePublisherRules } from "#lib/store/publishers/taken-over.ts";
import type { Actor, Answer, CommandDeps } from "./deps.ts";

export async function takeOverPublishers(
  { prisma }: Pick<CommandDeps, "prisma">,
  rules: readonly PublisherRuleInput[],
  actor: Actor,
): Answer<null> {
  return (await savePublisherRules(prisma, rules, actor))
    ? ok(null)
    : err({
        code: "conflict",
        message: "Too many publishers were taken over already. Write them as patterns into the configuration.",
      });
}

export async function dropPublisherRule(
  { prisma }: Pick<CommandDeps, "prisma">,
  rule: Pick<PublisherRuleInput, "kind" | "name">,
  actor: Actor,
): Answer<null> {
  return (await deletePublisherRule(prisma, rule, actor))
    ? ok(null)
    : err({ code: "not_found", message: `The ${rule.kind} ${rule.name} was not taken over.` });
}
