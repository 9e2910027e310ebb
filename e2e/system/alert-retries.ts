/** Receivers that fail, hang or refuse, and silences. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testMessage } from "#lib/domain/alert/message.ts";
import { putTest, retryDelivery } from "#lib/store/alerts/alerts-change.ts";
import type { AlertWorld } from "./alert-world.ts";

export function testReceivers(world: AlertWorld): void {
  const { deliveries, settled, stuck, until } = world;

  describe("a receiver", { concurrency: true }, () => {
    it("that fails is tried again with the same key until it takes it, and not sooner than it asks", async () => {
      world.web.answerNext("/slow", 500, { status: 429, headers: { "retry-after": "3" } });
      await stuck("slow");
      await until("three attempts", () => world.web.of("/slow").length === 3);
      await settled("slow", "sent");
      assert.equal(new Set(world.web.of("/slow").map(({ headers }) => headers["idempotency-key"])).size, 1);
      assert.equal((await deliveries("slow"))[0]?.attempts, 3);
    });

    it("that never answers is given up on for now, and tried again", async () => {
      world.web.answerNext("/hanging", "hang");
      await stuck("hanging");
      await until(
        "an attempt that was cut off",
        async () => (await deliveries("hanging"))[0]?.last_error === "no answer within 10 s",
      );
      await settled("hanging", "sent");
      assert.equal(world.web.of("/hanging").length, 2);
    });

    it("that refuses is not asked again, until somebody says so", async () => {
      world.web.answerNext("/refused", 404);
      await stuck("refused");
      await until("a refusal", async () => (await deliveries("refused"))[0]?.status === "failed");
      const [failed] = await deliveries("refused");
      assert.deepEqual([failed?.attempts, failed?.last_error], [1, "HTTP 404: not today"]);
      assert.equal(
        await retryDelivery(world.database.prisma, BigInt(failed?.id ?? 0), new Date(), {
          name: "ops",
          role: "operator",
        }),
        "queued",
      );
      await settled("refused", "sent");
      assert.equal(
        await retryDelivery(world.database.prisma, BigInt(failed?.id ?? 0), new Date(), {
          name: "ops",
          role: "operator",
        }),
        "not_failed",
      );
    });

    it("of mail that refuses the login is named in the log with what to change", async () => {
      await putTest(
        world.database.prisma,
        { channel: "login", dedupKey: "login", message: testMessage("login", "ops", ""), now: new Date() },
        { name: "ops", role: "operator" },
      );
      const refused = await until("a refusal", async () =>
        (await deliveries("login")).find(({ status }) => status === "failed"),
      );
      assert.match(
        refused.last_error ?? "",
        /refuses the login of flowtap \(535 .*\); check smtp\.user and smtp\.password/,
      );
      await world.pool.query("DELETE FROM alert_deliveries WHERE channel = 'login'");
    });

    it("hears nothing of what a silence holds back until the silence is over", async () => {
      await world.pool.query(
        `
          INSERT INTO alert_silences (rule, "group", until, reason, created_by)
          VALUES ('quiet*', 'qui?t', now() + interval '1 hour', 'deploy', 'ops')`,
      );
      await stuck("quiet");
      await until("the silence in the log", async () => (await deliveries("quiet"))[0]?.status === "silenced");
      await stuck("after-silence");
      await until("a later message", () => world.web.of("/after-silence").length === 1);
      assert.deepEqual([world.web.of("/quiet").length, (await deliveries("quiet")).length], [0, 1]);
      await world.pool.query("UPDATE alert_silences SET ended_at = now()");
      await until("a message", () => world.web.of("/quiet").length === 1);
      await until(
        "both in the log",
        async () =>
          (await deliveries("quiet"))
            .map(({ status }) => status)
            .sort()
            .join() === "sent,silenced",
      );
    });
  });
}
