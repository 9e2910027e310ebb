/** A loop that is killed while it sends. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AlertWorld } from "./alert-world.ts";

export function testCrash(world: AlertWorld): void {
  const { deliveries, settled, startRunner, stuck, until } = world;

  describe("the loop, killed at once", () => {
    it("loses no message, sends the one on its way again under the same key, and leaves the work to the next", async () => {
      const standby = await startRunner();
      world.web.answerNext("/ambiguous", "hang");
      await stuck("ambiguous");
      await until("the first attempt", () => world.web.of("/ambiguous").length === 1);
      await stuck("killed");
      await until("a message in the outbox", async () => (await deliveries("killed")).length === 1);
      assert.equal(world.web.of("/killed").length, 0);
      process.kill(world.runner.pid, "SIGKILL");

      await until("the message that was about to be sent", () => world.web.of("/killed").length === 1);
      await until("the second attempt of the one on its way", () => world.web.of("/ambiguous").length === 2);
      await settled("ambiguous", "sent");
      await settled("killed", "sent");
      assert.equal(new Set(world.web.of("/ambiguous").map(({ headers }) => headers["idempotency-key"])).size, 1);
      assert.deepEqual(
        [world.web.of("/killed").length, (await deliveries("killed")).length, (await deliveries("ambiguous")).length],
        [1, 1, 1],
      );
      assert.ok(standby.isRunning());
    });

    it("has said nothing that was not to be said", async () => {
      const rows = await deliveries();
      assert.deepEqual(
        rows.filter(({ status }) => status === "pending" || status === "failed"),
        [],
      );
      for (const { id, dedup_key: key } of rows.filter(({ status, attempts }) => status === "sent" && attempts === 1))
        assert.ok(world.web.received.filter(({ json }) => json["id"] === `${key}.${id}`).length <= 1);
    });
  });
}
