/** Names that are something else to browsers, proxies and servers open as pages and by the API. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { api as addresses, pages } from "#lib/client/routes.ts";
import { GroupView } from "#lib/contracts/groups.ts";
import { TopicView } from "#lib/contracts/topics.ts";
import type { Api } from "./api-server.ts";

const GROUPS = [
  ...["", ".", "..", "/", "a/b", "a/../b", "//evil.example", "%2F", "%2e%2e", "%", "~", "~Lg", "\\", "a\\b"],
  ...["?", "#", "a;b=c", "a b", " ", "+", "🔥", "größe", "漢字", "<b>&", "'\"", "x".repeat(700), "ß".repeat(700)],
];
const TOPICS = ["a.b", "...", "_x-Y", "x".repeat(249)];

/** The world of these tests has chosen its ids by hand. */
const NUMBERED = "SELECT 5000 + at, 1, name FROM unnest($1::text[]) WITH ORDINALITY AS given (name, at)";

export function testNames(api: Api): void {
  const run = async (text: string, values: unknown[] = []) => {
    const client = new pg.Client(api.postgres.url);
    await client.connect();
    await client.query(text, values);
    await client.end();
  };
  describe("names of any kind", () => {
    before(async () => {
      await run(`INSERT INTO consumer_groups (id, cluster_id, name) ${NUMBERED}`, [GROUPS]);
      await run(`INSERT INTO destinations (id, cluster_id, name) ${NUMBERED}`, [TOPICS]);
    });
    after(async () => {
      await run("DELETE FROM consumer_groups WHERE name = ANY($1)", [GROUPS]);
      await run("DELETE FROM destinations WHERE name = ANY($1)", [TOPICS]);
    });
    for (const group of GROUPS)
      it(`opens the group ${JSON.stringify(group.slice(0, 20))} (${group.length})`, async () => {
        const view = await api.get(addresses.group("test", group), GroupView);
        assert.equal(view.row.group, group);
        const page = await api.ask(pages.group("test", group));
        assert.equal(page.status, 200);
        assert.ok((await page.text()).includes("· Groups · Flowtap</title>"));
      });
    for (const topic of TOPICS)
      it(`opens the topic ${topic.slice(0, 20)} (${topic.length})`, async () => {
        assert.equal((await api.get(addresses.topic("test", topic), TopicView)).row.topic, topic);
        assert.equal((await api.ask(pages.topic("test", topic))).status, 200);
      });
    it("takes percent-encoded names of other clients as before", async () => {
      for (const [segment, group] of [
        ["a%2Fb", "a/b"],
        ["%252F", "%2F"],
        ["%F0%9F%94%A5", "🔥"],
      ] as const)
        assert.equal((await api.get(`/api/groups/test/${segment}`, GroupView)).row.group, group);
    });
  });
}
