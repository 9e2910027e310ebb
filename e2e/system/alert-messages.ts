/** What each channel is sent when an alert fires and when it is resolved. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { SECRET } from "./alert-config.ts";
import { header, POISON, type AlertWorld } from "./alert-world.ts";

export function testMessages(world: AlertWorld): void {
  const { deliveries, holdPasses, mended, poisoned, stuck, until } = world;

  describe("two groups that get stuck together", { concurrency: false }, () => {
    it("are told in one message to every channel, each in its own way, with a link to the very view", async () => {
      await poisoned("payments", "orders");
      const hook = await until("a webhook", () => world.web.of("/hook")[0]);
      const body = hook.json as {
        id: string;
        key: string;
        kind: string;
        total: number;
        alerts: { group: string; sentence: string; url: string; firedAt: string }[];
      };
      assert.deepEqual(
        [body.kind, body.total, body.alerts.map(({ group }) => group).sort()],
        ["firing", 2, ["orders", "payments"]],
      );
      const [first] = body.alerts;
      assert.equal(
        first?.url,
        `https://flowtap.example/groups/test/${first?.group}?at=${encodeURIComponent(first?.firedAt ?? "")}`,
      );
      assert.equal(first?.sentence, POISON.sentence);
      assert.equal(hook.headers["x-team"], "ops");
      assert.equal(hook.headers["idempotency-key"], body.id);
      const [, at = "", signature = ""] =
        /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(hook.headers["flowtap-signature"])) ?? [];
      assert.equal(signature, createHmac("sha256", SECRET).update(`${at}.${hook.text}`).digest("hex"));

      const chat = (await until("a chat message", () => world.web.of("/chat")[0])).json as {
        text: string;
        attachments: { title: string; title_link: string; text: string }[];
      };
      assert.match(chat.text, /<https:\/\/flowtap\.example\/alerts\|2 groups · stuck consumers>/);
      assert.equal(chat.attachments[0]?.text, "orders[3] stands at 91,204 &amp; &lt;waits&gt;");

      const pager = (await until("a page", () => world.web.of("/pager")[0])).json as {
        routing_key: string;
        event_action: string;
        dedup_key: string;
        payload: { severity: string; summary: string };
      };
      assert.deepEqual(
        [pager.routing_key, pager.event_action, pager.payload.severity],
        ["routing-key", "trigger", "critical"],
      );

      const sent = await until("a mail", () => world.mail.mails[0]);
      assert.deepEqual([sent.from, sent.to], ["flowtap@example.com", ["on-call@example.com"]]);
      assert.equal(
        header(sent.source, "Message-ID"),
        `<${header(sent.source, "References").slice(1, -9)}.${(await deliveries("mail"))[0]?.id}@flowtap>`,
      );
    });

    it("are told once: further looks and a group that follows later change nothing of it", async () => {
      await poisoned("shipping");
      await until("a second message everywhere", () =>
        [world.web.of("/hook"), world.web.of("/chat"), world.web.of("/pager"), world.mail.mails].every(
          (all) => all.length === 2,
        ),
      );
      await stuck("after-firing");
      await until("a later message", () => world.web.of("/after-firing").length === 1);
      assert.deepEqual(
        world.web.of("/hook").map(({ json }) => json["total"]),
        [2, 1],
      );
      assert.deepEqual(
        [world.web.of("/chat").length, world.web.of("/pager").length, world.mail.mails.length],
        [2, 2, 2],
      );
    });

    it("are said to be over under the key they fired with, when the last of them is", async () => {
      await mended("payments");
      await until(
        "payments to be seen mended",
        async () =>
          (await world.pool.query("SELECT 1 FROM alerts WHERE subject = 'payments' AND cleared_at IS NOT NULL"))
            .rowCount === 1,
      );
      await holdPasses();
      await until(
        "payments to be over",
        async () =>
          (await world.pool.query("SELECT 1 FROM alerts WHERE subject = 'payments' AND state = 'resolved'"))
            .rowCount === 1,
      );
      assert.equal((await deliveries("hook")).filter(({ kind }) => kind === "resolved").length, 0);
      await mended("orders");
      await until(
        "orders to be seen mended",
        async () =>
          (await world.pool.query("SELECT 1 FROM alerts WHERE subject = 'orders' AND cleared_at IS NOT NULL"))
            .rowCount === 1,
      );
      await holdPasses();
      const over = await until("that it is over", () => world.web.of("/hook")[2]);
      assert.deepEqual(
        [over.json["kind"], over.json["key"], over.json["total"]],
        ["resolved", world.web.of("/hook")[0]?.json["key"], 2],
      );
      assert.notEqual(over.json["id"], world.web.of("/hook")[0]?.json["id"]);
      const page = await until("the incident's end", () => world.web.of("/pager")[2]);
      assert.deepEqual(
        [page.json["event_action"], page.json["dedup_key"]],
        ["resolve", world.web.of("/pager")[0]?.json["dedup_key"]],
      );
      const sent = await until("a mail", () => world.mail.mails[2]);
      assert.match(header(sent.source, "Subject"), /resolved.*Resolved.*2_groups/);
      assert.equal(header(sent.source, "References"), header(world.mail.mails[0]?.source ?? "", "References"));
    });
  });
}
