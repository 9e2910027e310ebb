/**
 * Watches where groups stand, says which alerts fire and end, and sends what is to be told. One tap does it at a time.
 */
import { deleteOldAlerts } from "#lib/store/alerts/alerts-write.ts";
import type { BackgroundDeps } from "../background-deps.ts";
import { whileLeading } from "../leading.ts";
import { evaluateAlerts } from "./evaluate.ts";
import { openSender } from "./send.ts";

const EVALUATE_EVERY_MS = 3000;
/** How soon a message that is due, a test say, is on its way. */
const TURN_MS = 500;
const CLEAN_EVERY_MS = 3_600_000;
const KEPT_DAYS = 30;

/** Resolves when `signal` is aborted and the attempts under way have ended. */
export async function startAlerts({ config, database, log, signal }: BackgroundDeps): Promise<void> {
  const sender = openSender({ channels: config.alerts.channels, pool: database.pool, log });
  await whileLeading({ database, log, signal, lock: { kind: "alerts", id: 0 } }, ({ client }) => {
    let evaluateAtMs = 0;
    let cleanAtMs = 0;
    const turn = async (): Promise<number> => {
      const nowMs = Date.now();
      if (nowMs >= evaluateAtMs) {
        await evaluateAlerts(client, config);
        evaluateAtMs = nowMs + EVALUATE_EVERY_MS;
      }
      if (nowMs >= cleanAtMs) {
        await deleteOldAlerts(client, KEPT_DAYS);
        cleanAtMs = nowMs + CLEAN_EVERY_MS;
      }
      await sender.sendDue(client);
      return TURN_MS;
    };
    return Promise.resolve(turn);
  });
  await sender.idle();
}
