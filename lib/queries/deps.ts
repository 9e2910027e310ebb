import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { ObserveRules } from "#lib/domain/observe/rules.ts";
import type { Result } from "#lib/domain/result.ts";
import type { PrismaClient } from "#lib/store/db/database.ts";

/** What read use cases need of the world. */
export interface QueryDeps {
  readonly prisma: PrismaClient;
  /** of a configured cluster; null: no such cluster in the configuration */
  readonly readerOf: (cluster: string) => Reader | null;
  readonly rules: ObserveRules;
  /** patterns of consumer groups that the configuration leaves out; none if not given */
  readonly leftOutGroups?: readonly string[];
  readonly now: () => number;
  readonly version: string;
}

export type Answer<T> = Promise<Result<T, AppError>>;

export const notFound = (what: string): AppError => ({
  code: "not_found",
  message: `${what} is not known to Flowtap.`,
});
