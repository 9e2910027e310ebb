/**
 * Works out from stored events and commits what groups consumed and what caused what. One tap does so at a time; each
 * row counts once, even when a process is killed.
 */
import { notifyCorrelated } from "#lib/store/correlation/rollups-write.ts";
import { HeldHorizon } from "#lib/store/correlation/held-horizon.ts";
import type { BackgroundDeps } from "../background-deps.ts";
import { whileLeading } from "../leading.ts";
import { Causes } from "./causes.ts";
import { Consumption } from "./consumption.ts";

const POLL_EVERY_MS = 500;
const HORIZON_EVERY_MS = 3000;

/** Resolves when `signal` is aborted. */
export async function startCorrelator({ config, database, log, signal }: BackgroundDeps): Promise<void> {
  await whileLeading(
    { database, log, signal, lock: { kind: "correlate", id: 0 }, work: "correlation" },
    ({ client }) => {
      const consumption = new Consumption(client);
      const causes = new Causes(client, config.observe);
      const horizon = new HeldHorizon(client);
      let checkAtMs = 0;
      let heldBy: string | null = null;
      return Promise.resolve(async () => {
        const passes = [await consumption.pass(), await causes.pass()];
        if (passes.some((pass) => pass.changed)) await notifyCorrelated(client);
        if (passes.some((pass) => pass.isFull)) return 0;
        if (Date.now() < checkAtMs) return heldBy === null ? POLL_EVERY_MS : { nextMs: POLL_EVERY_MS, reason: heldBy };
        checkAtMs = Date.now() + HORIZON_EVERY_MS;
        const reason = await horizon.reason();
        if (reason !== heldBy && reason !== null) log.warn({ reason }, "correlation is held back");
        heldBy = reason;
        return reason === null ? POLL_EVERY_MS : { nextMs: POLL_EVERY_MS, reason };
      });
    },
  );
}
