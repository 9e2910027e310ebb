/**
 * Works out from stored events and commits what groups consumed and what caused what. One tap does so at a time; each
 * row counts once, even when a process is killed.
 */
import { notifyCorrelated } from "#lib/store/correlation/rollups-write.ts";
import type { BackgroundDeps } from "../background-deps.ts";
import { whileLeading } from "../leading.ts";
import { Causes } from "./causes.ts";
import { Consumption } from "./consumption.ts";

const POLL_EVERY_MS = 500;

/** Resolves when `signal` is aborted. */
export async function startCorrelator({ config, database, log, signal }: BackgroundDeps): Promise<void> {
  await whileLeading(
    { database, log, signal, lock: { kind: "correlate", id: 0 }, work: "correlation" },
    ({ client }) => {
      const consumption = new Consumption(client);
      const causes = new Causes(client, config.observe);
      return Promise.resolve(async () => {
        const passes = [await consumption.pass(), await causes.pass()];
        if (passes.some((pass) => pass.changed)) await notifyCorrelated(client);
        return passes.some((pass) => pass.isFull) ? 0 : POLL_EVERY_MS;
      });
    },
  );
}
