import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { BodySchemas } from "#lib/decode/body-schemas.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { Result } from "#lib/domain/result.ts";
import type { PrismaClient } from "#lib/store/db/database.ts";

export type { Actor } from "#lib/store/audit.ts";

/** What write use cases need of the world. */
export interface CommandDeps {
  readonly prisma: PrismaClient;
  /** of a configured cluster; null: no such cluster in the configuration */
  readonly inspectorOf: (cluster: string) => LogInspector | null;
  readonly readerOf: (cluster: string) => Reader | null;
  /** false: Flowtap does not send to this kind of broker */
  readonly canReplayOn: (cluster: string) => boolean;
  /** its addresses, for commands that people copy */
  readonly brokersOf: (cluster: string) => readonly string[];
  /** what the configuration declares a dead-letter topic to come from; null: nothing */
  readonly declaredSourceOf: (deadLetterTopic: string) => string | null;
  /** globs of the groups that are declared idempotent */
  readonly idempotentGroups: readonly string[];
  readonly bodySchemas: BodySchemas;
  /** unlike any before it: tells our runs from those of another Flowtap at the same broker */
  readonly newToken: () => string;
}

export type Answer<T> = Promise<Result<T, AppError>>;

export const invalid = (path: string, message: string): AppError => ({
  code: "invalid_input",
  message,
  fields: [{ path, message }],
});

export const noCluster = (cluster: string): AppError => ({
  code: "not_found",
  message: `There is no cluster ${cluster} in the configuration.`,
});

/** A fault of the broker, with the broker's own message. Throws what is none: that is a bug, and not to be hidden. */
export function brokerRefusal(error: unknown): AppError {
  if (!isBrokerFault(error)) throw error;
  return { code: "broker_unreachable", message: `The broker could not be asked: ${error.message}` };
}

/** For `catch`: null for a fault of the broker. Throws what is none. */
export function nullOnBrokerFault(error: unknown): null {
  if (!isBrokerFault(error)) throw error;
  return null;
}
