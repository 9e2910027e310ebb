import { isTooSlow } from "./database-faults.ts";
import type { Prisma, PrismaClient } from "../prisma/generated/client.ts";

/** What is read, each statement within so many ms; null: one took longer, and nothing is known. */
export async function readWithin<T>(
  prisma: PrismaClient,
  ms: number,
  read: (transaction: Prisma.TransactionClient) => Promise<T>,
): Promise<T | null> {
  try {
    return await prisma.$transaction(
      async (transaction) => {
        await transaction.$executeRawUnsafe(`SET LOCAL statement_timeout = ${ms}`);
        return read(transaction);
      },
      { timeout: 2 * ms },
    );
  } catch (error) {
    if (isTooSlow(error)) return null;
    throw error;
  }
}
