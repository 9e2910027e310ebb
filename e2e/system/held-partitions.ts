/** What the tap keeps of a partition whose last stable offset an open transaction holds. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until, type TapStage } from "./tap-stage.ts";

const WITHIN_MS = 30_000;

/** The tap of the stage must be running. */
export function testHeldPartitions(given: () => TapStage): void {
  describe("a partition held by a transaction", () => {
    it("names the transaction that holds a partition's last stable offset, and lets go of it", async (t) => {
      const stage = given();
      await stage.createTopic("held", 1);
      const producer = stage.client.producer({
        transactionalId: "slow-transaction",
        maxInFlightRequests: 1,
        idempotent: true,
      });
      t.after(() => producer.disconnect());
      await producer.connect();
      const transaction = await producer.transaction();
      const openedAt = Date.now();
      await transaction.send({ topic: "held", messages: [{ value: "never seen" }] });
      await stage.producer.send({ topic: "held", messages: [{ value: "waits" }] });
      const holderOf = async () =>
        (
          await stage.pool.query<{
            held_since: Date | null;
            held_by: Record<string, unknown> | null;
            size_bytes: string | null;
          }>(
            `
              SELECT held_since, held_by, size_bytes
              FROM partition_offsets o
              JOIN destinations d ON d.id = o.destination_id
              WHERE d.name = 'held'`,
          )
        ).rows[0];
      await until(
        "the transaction's name",
        WITHIN_MS,
        async () => (await holderOf())?.held_by?.["transactionalId"] === "slow-transaction",
      );
      const holder = await holderOf();
      assert.match(String(holder?.held_by?.["producerId"]), /^\d+$/);
      assert.ok(Math.abs(Date.parse(String(holder?.held_by?.["startedAt"])) - openedAt) < 5000);
      await transaction.abort();
      await until("nothing held", WITHIN_MS, async () => {
        const now = await holderOf();
        return now?.held_since === null && now.held_by === null;
      });
      await until(
        "the logs' sizes",
        WITHIN_MS * 3,
        async () =>
          Number(
            (
              await stage.pool.query<{ size_bytes: string }>(
                "SELECT max(size_bytes) AS size_bytes FROM partition_offsets",
              )
            ).rows[0]?.size_bytes,
          ) > 0,
      );
    });
  });
}
