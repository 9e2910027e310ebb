/** Evaluates the alert rules, and sends the messages that are due. One tap does so at a time. */
import { deleteOldAlerts } from "#lib/store/alerts/alerts-write.ts";
import type { BackgroundDeps } from "../background-deps.ts";
import { whileLeading } from "../leading.ts";
import { evaluateAlerts } from "./evaluate.ts";
import { openSender } from "./send.ts";
import { WorkNotes } from "../work-notes.ts";

const EVALUATE_EVERY_MS = 3000;
/** How soon a message that is due is sent, such as a test that somebody requested. */
const CYCLE_MS = 500;
const CLEAN_EVERY_MS = 3_600_000;
const KEPT_DAYS = 30;

/** Resolves when `signal` is aborted and the attempts under way have ended. */
export async function startAlerts({ config, database, log, signal }: BackgroundDeps): Promise<void> {
  const rules = new WorkNotes(database.pool, { kind: "alert_rules", clusterId: 0 });
  const sender = openSender({ channels: config.alerts.channels, pool: database.pool, log });
  await whileLeading(
    { database, log, signal, lock: { kind: "alerts", id: 0 }, work: "alert_messages" },
    ({ client }) => {
      let evaluateAtMs = 0;
      let cleanAtMs = 0;
      const cycle = async (): Promise<number> => {
        const nowMs = Date.now();
        if (nowMs >= evaluateAtMs) {
          evaluateAtMs = nowMs + EVALUATE_EVERY_MS;
          // What is in the outbox is sent, whatever holds up the evaluation.
          try {
            await evaluateAlerts(client, config, log);
            await rules.done(EVALUATE_EVERY_MS);
          } catch (error) {
            log.warn({ err: error }, "alert rules could not be evaluated; trying again");
            await rules.heldUp(error);
          }
        }
        if (nowMs >= cleanAtMs) {
          await deleteOldAlerts(client, KEPT_DAYS);
          cleanAtMs = nowMs + CLEAN_EVERY_MS;
        }
        await sender.sendDue(client);
        return CYCLE_MS;
      };
      return Promise.resolve(cycle);
    },
  );
  await sender.idle();
}
