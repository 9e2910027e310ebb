import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { Logger } from "#lib/telemetry/log.ts";

/** For optional requests that a broker may refuse: a fault is only logged. */
export async function ifAllowed(log: Logger, what: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isBrokerFault(error)) throw error;
    log.warn({ err: error }, `${what} could not be read`);
  }
}
