import type { WordOf } from "./db/columns.ts";
import type { Prisma } from "./prisma/generated/client.ts";

/** Who does something, as access control knows it. */
export interface Actor {
  readonly name: string;
  readonly role: Exclude<WordOf<"audit_entries.role">, "tap">;
}

/** In the transaction of the action itself, so that neither exists without the other. */
export async function writeAudit(
  transaction: Prisma.TransactionClient,
  actor: Actor,
  entry: {
    readonly action: string;
    readonly target: string;
    readonly reason: string | null;
    readonly detail: Prisma.InputJsonObject;
  },
): Promise<void> {
  await transaction.auditEntry.create({ data: { actor: actor.name, role: actor.role, ...entry } });
}
