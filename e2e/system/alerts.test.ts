/**
 * Alerts end to end: groups that stand somewhere in a real Postgres, the real loop in processes that are killed,
 * real receivers.
 */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { stringify } from "yaml";
import { openLeash, type LeashedProcess } from "#lib/demo/stack/leash.ts";
import { testMessage } from "#lib/domain/alert/message.ts";
import { putTest, retryDelivery } from "#lib/store/alerts/alerts-change.ts";
import { openDatabase, type Database } from "#lib/store/db/database.ts";
import { applyMigrations } from "#lib/store/prisma/schema-engine.ts";
import { openPool, startPostgres, temporaryFolder } from "../stack/stack.ts";
import { startHttpReceiver, startMailReceiver, type HttpReceiver, type MailReceiver } from "./alert-receivers.ts";

const SECRET = "signing-secret";
const WITHIN_MS = 60_000;

let postgres: Awaited<ReturnType<typeof startPostgres>>;
let pool: pg.Pool;
let database: Database;
let web: HttpReceiver;
let mail: MailReceiver;
let judging: NodeJS.Timeout;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let runner: LeashedProcess;
const leash = openLeash();

before(async () => {
  [postgres, web, mail, folder] = await Promise.all([
    startPostgres(),
    startHttpReceiver(),
    startMailReceiver(),
    temporaryFolder("alerts"),
  ]);
  await applyMigrations(postgres.url);
  pool = openPool(postgres.url, 2);
  database = openDatabase({ url: postgres.url });
  await pool.query("INSERT INTO clusters (id, name, system, state) VALUES (1, 'test', 'kafka', 'connected')");
  await pool.query(
    `
      INSERT INTO consumer_groups (
        cluster_id, name, protocol, state, member_count, verdict, lag_messages, time_lag_ms, evaluated_at
      )
      SELECT 1, name, 'classic', 'stable', 2, 'ok', 0, 0, now()
      FROM unnest($1::text[]) AS name`,
    [["payments", "orders", "shipping", "slow", "refused", "quiet", "killed", "ambiguous", "hanging"]],
  );
  // As the inspector does, that groups are looked at.
  judging = setInterval(
    () => void pool.query("UPDATE consumer_groups SET evaluated_at = now()").catch(() => undefined),
    2000,
  );
  const rule = (group: string, channels: string[], more: object = {}) => ({
    name: `${group} stuck`,
    severity: "critical",
    group,
    when: { verdict: ["stalled"] },
    for: "0s",
    channels,
    ...more,
  });
  await writeFile(
    path.join(folder.dir, "flowtap.yaml"),
    stringify({
      clusters: [{ name: "test", brokers: ["127.0.0.1:9"] }],
      web: { publicUrl: "https://flowtap.example/" },
      alerts: {
        groupWaitSeconds: 3,
        channels: [
          { name: "hook", kind: "webhook", url: `${web.url}/hook`, headers: { "x-team": "ops" }, secret: SECRET },
          { name: "chat", kind: "slack", url: `${web.url}/chat` },
          { name: "pager", kind: "pagerduty", routingKey: "routing-key", url: `${web.url}/pager` },
          {
            name: "mail",
            kind: "email",
            smtp: { host: "127.0.0.1", port: mail.port, security: "none", user: "flowtap", password: "s3cret" },
            from: "Flowtap <flowtap@example.com>",
            to: ["on-call@example.com"],
          },
          {
            name: "login",
            kind: "email",
            smtp: { host: "127.0.0.1", port: mail.port, security: "none", user: "flowtap", password: "guess" },
            from: "flowtap@example.com",
            to: ["on-call@example.com"],
          },
          ...["slow", "refused", "quiet", "killed", "ambiguous", "hanging", "cluster"].map((name) => ({
            name,
            kind: "webhook",
            url: `${web.url}/${name}`,
          })),
        ],
        rules: [
          {
            name: "stuck consumers",
            severity: "critical",
            group: "*",
            when: { cause: ["poison_event"] },
            for: "0s",
            channels: ["hook", "chat", "pager", "mail"],
          },
          ...["slow", "refused", "quiet", "killed", "ambiguous", "hanging"].map((name) => rule(name, [name])),
          {
            name: "cluster away",
            severity: "critical",
            when: { clusterUnreachable: true },
            for: "2s",
            channels: ["cluster"],
          },
        ],
      },
    }),
  );
  runner = await startRunner();
});
after(async () => {
  clearInterval(judging);
  await leash.close();
  await database?.close();
  await pool?.end();
  await Promise.all([web?.close(), mail?.close()]);
  await postgres?.stop();
  await folder?.remove();
});

const startRunner = () =>
  leash.start({
    name: "alerts",
    command: process.execPath,
    args: [path.join(import.meta.dirname, "alert-runner.ts")],
    env: { DATABASE_URL: postgres.url, FLOWTAP_CONFIG: path.join(folder.dir, "flowtap.yaml") },
    logFile: path.join(folder.dir, "alerts.log"),
    stopSignal: "SIGTERM",
  });

const POISON = {
  cause: "poison_event",
  sinceMs: null,
  sentence: "orders[3] stands at 91,204 & <waits>",
  at: { topic: "orders", partition: 3, offset: "91204" },
  facts: [{ label: "Redelivered", value: "41 times" }],
  data: {},
};
const poisoned = (...groups: string[]) =>
  pool.query(
    `
      UPDATE consumer_groups
      SET verdict = 'stalled',
        cause = 'poison_event',
        cause_detail = $2,
        reason = 'has not moved',
        lag_messages = 4212,
        time_lag_ms = 1080000
      WHERE name = ANY($1)`,
    [groups, POISON],
  );
const stuck = (...groups: string[]) =>
  pool.query("UPDATE consumer_groups SET verdict = 'stalled', reason = 'has not moved' WHERE name = ANY($1)", [groups]);
const mended = (...groups: string[]) =>
  pool.query(
    `
      UPDATE consumer_groups
      SET verdict = 'ok', cause = NULL, cause_detail = NULL, reason = NULL, lag_messages = 0, time_lag_ms = 0
      WHERE name = ANY($1)`,
    [groups],
  );
/** Half a minute of holding goes by. */
const holdPasses = () =>
  pool.query(
    `
      UPDATE alerts
      SET cleared_at = cleared_at - interval '31 seconds'
      WHERE state = 'firing' AND cleared_at IS NOT NULL`,
  );

async function until<T>(
  what: string,
  read: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  const deadline = Date.now() + WITHIN_MS;
  for (;;) {
    const found = await read();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > deadline)
      assert.fail(
        `${what} within ${WITHIN_MS / 1000} s; received: ${JSON.stringify(web.received.map((one) => one.path))}; log: ${JSON.stringify((await deliveries()).map((one) => [one.channel, one.kind, one.status, one.attempts, one.last_error]))}`,
      );
    await sleep(200);
  }
}
interface Row {
  readonly id: string;
  readonly channel: string;
  readonly kind: string;
  readonly status: string;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly dedup_key: string;
}
const deliveries = async (channel?: string): Promise<Row[]> =>
  (
    await pool.query<Row>(
      `
        SELECT id, channel, kind, status, attempts, last_error, dedup_key
        FROM alert_deliveries
        WHERE $1::text IS NULL OR channel = $1
        ORDER BY id`,
      [channel ?? null],
    )
  ).rows;
const header = (source: string, name: string): string =>
  new RegExp(`^${name}: ((?:.*)(?:\\r?\\n[ \\t].*)*)`, "im").exec(source)?.[1]?.replace(/\s+/g, " ") ?? "";
const settled = (channel: string, status: string) =>
  until(`${channel} ${status}`, async () => (await deliveries(channel)).every((one) => one.status === status));

// The two beside each other, because most of it is waiting.
describe("what is told", { concurrency: true }, () => {
  describe("two groups that get stuck together", { concurrency: false }, () => {
    it("are told in one message to every channel, each in its own way, with a link to the very view", async () => {
      await poisoned("payments", "orders");
      const hook = await until("a webhook", () => web.of("/hook")[0]);
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

      const chat = (await until("a chat message", () => web.of("/chat")[0])).json as {
        text: string;
        attachments: { title: string; title_link: string; text: string }[];
      };
      assert.match(chat.text, /<https:\/\/flowtap\.example\/alerts\|2 groups · stuck consumers>/);
      assert.equal(chat.attachments[0]?.text, "orders[3] stands at 91,204 &amp; &lt;waits&gt;");

      const pager = (await until("a page", () => web.of("/pager")[0])).json as {
        routing_key: string;
        event_action: string;
        dedup_key: string;
        payload: { severity: string; summary: string };
      };
      assert.deepEqual(
        [pager.routing_key, pager.event_action, pager.payload.severity],
        ["routing-key", "trigger", "critical"],
      );

      const sent = await until("a mail", () => mail.mails[0]);
      assert.deepEqual([sent.from, sent.to], ["flowtap@example.com", ["on-call@example.com"]]);
      assert.equal(
        header(sent.source, "Message-ID"),
        `<${header(sent.source, "References").slice(1, -9)}.${(await deliveries("mail"))[0]?.id}@flowtap>`,
      );
    });

    it("are told once: further looks and a group that follows later change nothing of it", async () => {
      await poisoned("shipping");
      await until("a second message everywhere", () =>
        [web.of("/hook"), web.of("/chat"), web.of("/pager"), mail.mails].every((all) => all.length === 2),
      );
      await sleep(4000);
      assert.deepEqual(
        web.of("/hook").map(({ json }) => json["total"]),
        [2, 1],
      );
      assert.deepEqual([web.of("/chat").length, web.of("/pager").length, mail.mails.length], [2, 2, 2]);
    });

    it("are said to be over under the key they fired with, when the last of them is", async () => {
      await mended("payments");
      await until(
        "payments to be seen mended",
        async () =>
          (await pool.query("SELECT 1 FROM alerts WHERE subject = 'payments' AND cleared_at IS NOT NULL")).rowCount ===
          1,
      );
      await holdPasses();
      await until(
        "payments to be over",
        async () =>
          (await pool.query("SELECT 1 FROM alerts WHERE subject = 'payments' AND state = 'resolved'")).rowCount === 1,
      );
      assert.equal((await deliveries("hook")).filter(({ kind }) => kind === "resolved").length, 0);
      await mended("orders");
      await until(
        "orders to be seen mended",
        async () =>
          (await pool.query("SELECT 1 FROM alerts WHERE subject = 'orders' AND cleared_at IS NOT NULL")).rowCount === 1,
      );
      await holdPasses();
      const over = await until("that it is over", () => web.of("/hook")[2]);
      assert.deepEqual(
        [over.json["kind"], over.json["key"], over.json["total"]],
        ["resolved", web.of("/hook")[0]?.json["key"], 2],
      );
      assert.notEqual(over.json["id"], web.of("/hook")[0]?.json["id"]);
      const page = await until("the incident's end", () => web.of("/pager")[2]);
      assert.deepEqual(
        [page.json["event_action"], page.json["dedup_key"]],
        ["resolve", web.of("/pager")[0]?.json["dedup_key"]],
      );
      const sent = await until("a mail", () => mail.mails[2]);
      assert.match(header(sent.source, "Subject"), /resolved.*Resolved.*2_groups/);
      assert.equal(header(sent.source, "References"), header(mail.mails[0]?.source ?? "", "References"));
    });
  });

  it("of a cluster out of reach names it, and is over when it is looked at again", async () => {
    await pool.query(
      `
        INSERT INTO tap_processes (host, pid, version, started_at, heartbeat_at)
        VALUES ('h', 1, '0', now() - interval '1 hour', now() + interval '1 hour')`,
    );
    await pool.query(
      "UPDATE clusters SET state = 'unreachable', state_reason = 'nothing listens', inspected_at = now()",
    );
    const { json } = await until("that it is away", () => web.of("/cluster")[0]);
    assert.deepEqual(
      [json["title"], json["sentence"], json["url"]],
      ["test · Not reachable", "test does not answer: nothing listens", "https://flowtap.example/groups?cluster=test"],
    );
    await pool.query(
      "UPDATE clusters SET state = 'connected', state_reason = NULL, inspected_at = now() + interval '1 hour'",
    );
    await until(
      "the cluster to be seen back",
      async () =>
        (await pool.query("SELECT 1 FROM alerts WHERE rule = 'cluster away' AND cleared_at IS NOT NULL")).rowCount ===
        1,
    );
    await holdPasses();
    const over = await until("that it is over", () => web.of("/cluster")[1]);
    assert.deepEqual(
      [over.json["kind"], over.json["key"], over.json["title"]],
      ["resolved", json["key"], "Resolved: test · Not reachable"],
    );
  });

  describe("a receiver", { concurrency: true }, () => {
    it("that fails is tried again with the same key until it takes it, and not sooner than it asks", async () => {
      web.answerNext("/slow", 500, { status: 429, headers: { "retry-after": "3" } });
      await stuck("slow");
      await until("three attempts", () => web.of("/slow").length === 3);
      await settled("slow", "sent");
      assert.equal(new Set(web.of("/slow").map(({ headers }) => headers["idempotency-key"])).size, 1);
      assert.equal((await deliveries("slow"))[0]?.attempts, 3);
    });

    it("that never answers is given up on for now, and tried again", async () => {
      web.answerNext("/hanging", "hang");
      await stuck("hanging");
      await until(
        "an attempt that was cut off",
        async () => (await deliveries("hanging"))[0]?.last_error === "no answer within 10 s",
      );
      await settled("hanging", "sent");
      assert.equal(web.of("/hanging").length, 2);
    });

    it("that refuses is not asked again, until somebody says so", async () => {
      web.answerNext("/refused", 404);
      await stuck("refused");
      await until("a refusal", async () => (await deliveries("refused"))[0]?.status === "failed");
      const [failed] = await deliveries("refused");
      assert.deepEqual([failed?.attempts, failed?.last_error], [1, "HTTP 404: not today"]);
      assert.equal(
        await retryDelivery(database.prisma, BigInt(failed?.id ?? 0), new Date(), { name: "ops", role: "operator" }),
        "queued",
      );
      await settled("refused", "sent");
      assert.equal(
        await retryDelivery(database.prisma, BigInt(failed?.id ?? 0), new Date(), { name: "ops", role: "operator" }),
        "not_failed",
      );
    });

    it("of mail that refuses the login is named in the log with what to change", async () => {
      await putTest(
        database.prisma,
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
      await pool.query("DELETE FROM alert_deliveries WHERE channel = 'login'");
    });

    it("hears nothing of what a silence holds back until the silence is over", async () => {
      await pool.query(
        `
          INSERT INTO alert_silences (rule, "group", until, reason, created_by)
          VALUES ('quiet*', 'qui?t', now() + interval '1 hour', 'deploy', 'ops')`,
      );
      await stuck("quiet");
      await until("the silence in the log", async () => (await deliveries("quiet"))[0]?.status === "silenced");
      await sleep(5000);
      assert.deepEqual([web.of("/quiet").length, (await deliveries("quiet")).length], [0, 1]);
      await pool.query("UPDATE alert_silences SET ended_at = now()");
      await until("a message", () => web.of("/quiet").length === 1);
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
});

describe("the loop, killed at once", () => {
  it("loses nothing it was about to send, sends what was on its way again under the same key, and leaves the work to the next", async () => {
    const standby = await startRunner();
    web.answerNext("/ambiguous", "hang");
    await stuck("ambiguous");
    await until("the first attempt", () => web.of("/ambiguous").length === 1);
    await stuck("killed");
    await until("a message in the outbox", async () => (await deliveries("killed")).length === 1);
    assert.equal(web.of("/killed").length, 0);
    process.kill(runner.pid, "SIGKILL");

    await until("the message that was about to be sent", () => web.of("/killed").length === 1);
    await until("the second attempt of the one on its way", () => web.of("/ambiguous").length === 2);
    await settled("ambiguous", "sent");
    await settled("killed", "sent");
    assert.equal(new Set(web.of("/ambiguous").map(({ headers }) => headers["idempotency-key"])).size, 1);
    assert.deepEqual(
      [web.of("/killed").length, (await deliveries("killed")).length, (await deliveries("ambiguous")).length],
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
      assert.ok(web.received.filter(({ json }) => json["id"] === `${key}.${id}`).length <= 1);
  });
});
