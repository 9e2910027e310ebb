/** What the API says of consumer groups: now, as they were, in lists, incidents and figures. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GroupsView, GroupView } from "#lib/contracts/groups.ts";
import type { Api } from "./api-server.ts";

export function testGroups(api: Api): void {
  const { ask, get } = api;
  describe("what the answers say of groups", () => {
    it("finds the event at the head of a stuck partition through the index", async () => {
      const group = await get("/api/groups/test/payments", GroupView);
      assert.equal(group.head[0]?.partition, 1);
      assert.equal(group.partitions.length, 2);
      assert.equal(group.row.dataLossSeconds, 86_280);
      assert.deepEqual(group.failures, { open: 5, lastHour: 5 });
    });

    it("names the cause of a group, what happened to it, and its incidents", async () => {
      const { row, events: marks, incidents, generation } = await get("/api/groups/test/payments", GroupView);
      assert.equal(row.cause?.title, "Poison event");
      assert.deepEqual(row.cause.at, { topic: "orders", partition: 1, offset: "60" });
      assert.deepEqual(
        marks.map(({ text }) => text),
        [
          "payments-0 left",
          "payments-1 joined",
          "rebalance to generation 7, 1 member",
          "rewound orders[0] from 90 to 40",
        ],
      );
      assert.deepEqual(
        incidents.map(({ id, closedAt, changes }) => [id, closedAt !== null, changes.map((change) => change.cause)]),
        [
          [2, false, [null, "poison_event"]],
          [1, true, ["no_members", null]],
        ],
      );
      assert.equal(generation, 7);
    });

    it("shows a group as it was", async () => {
      const then = async (msAgo: number) =>
        get(
          `/api/groups/test/payments?at=${encodeURIComponent(new Date(api.filledAtMs - msAgo).toISOString())}`,
          GroupView,
        );
      const [before, began, named] = [await then(300_000), await then(90_000), await then(45_000)];
      assert.deepEqual(
        [before.row.verdict, before.row.cause, before.members.map(({ clientId }) => clientId)],
        ["stalled", null, ["payments-0"]],
      );
      assert.deepEqual(
        [began.row.verdict, began.row.cause, began.generation, began.members.map(({ clientId }) => clientId)],
        ["warning", null, 7, ["payments-1"]],
      );
      assert.deepEqual([named.row.verdict, named.row.cause?.cause], ["stalled", "poison_event"]);
      // Stored until then: six of eleven flushes; committed: 300.
      const [moving, stuck] = named.partitions;
      assert.deepEqual(
        [moving?.committedOffset, moving?.endOffset, moving?.lagMessages, moving?.clientId],
        ["300", "600", "300", "payments-1"],
      );
      assert.deepEqual([stuck?.committedOffset, stuck?.lagMessages, stuck?.verdict], ["60", "40", "stalled"]);
      assert.equal(Date.parse(named.series.at(-1)?.at ?? "") < api.filledAtMs - 44_000, true);
      assert.match((await then(86_400_000)).missing ?? "", /No verdict of then is kept/);
    });

    it("pages through groups without losing one, in every order", async () => {
      for (const sort of ["severity", "lag", "timeLag", "name"]) {
        const seen: string[] = [];
        let cursor: string | null = null;
        do {
          const page: GroupsView = await get(
            `/api/groups?sort=${sort}&limit=1${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
            GroupsView,
          );
          assert.equal(page.total, 3);
          seen.push(...page.items.map(({ group }) => group));
          cursor = page.next;
        } while (cursor !== null);
        assert.deepEqual(
          seen,
          sort === "name" ? ["analytics", "odd/name ?#", "payments"] : ["payments", "analytics", "odd/name ?#"],
          sort,
        );
      }
      const found = await get("/api/groups?cause=poison_event&service=payments", GroupsView);
      assert.deepEqual([found.items.length, found.total, found.counts.stuck], [1, 1, 1]);
      assert.equal((await get("/api/groups?cause=too_slow", GroupsView)).total, 0);
    });

    it("reports an incident in Markdown, with links to where people open Flowtap", async () => {
      const response = await ask("/api/incidents/2/report");
      assert.equal(response.headers.get("content-type"), "text/markdown; charset=utf-8");
      const report = await response.text();
      assert.match(report, /^# payments: poison event$/m);
      assert.ok(report.includes(`${api.url}/groups/test/payments?at=`));
      assert.equal((await ask("/api/incidents/99")).status, 404);
    });

    it("tells Prometheus of the groups under the names it may know", async () => {
      const text = await (await ask("/metrics")).text();
      for (const line of [
        'flowtap_group_cause{cluster="test",group="payments",cause="poison_event"} 1',
        'kminion_kafka_consumer_group_topic_lag{cluster="test",group_id="payments",topic_name="orders"} 40',
        'kafka_consumergroup_lag{cluster="test",consumergroup="payments",topic="orders",partition="1"} 40',
        'flowtap_group_series_dropped{kind="groups"} 0',
      ]) {
        assert.ok(text.split("\n").includes(line), line);
      }
      assert.match(text, /^flowtap_web_streams /m);
    });
  });
}
