/** The commits of groups, as the tap reads them from the commit log. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { until, type TapStage } from "./tap-stage.ts";

/** The topic `orders` of the stage holds 250 events. */
export function testCommits(given: () => TapStage): void {
  it("knows what groups have committed, as the broker's own admin API says it", async () => {
    const stage = given();
    const consumer = stage.client.consumer({ groupId: "payments", maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topics: ["orders"], fromBeginning: true });
    const admin = stage.client.admin();
    await admin.connect();
    const committed = async () =>
      (await admin.fetchOffsets({ groupId: "payments", topics: ["orders"] }))
        .flatMap(({ topic, partitions }) =>
          partitions.map(({ partition, offset }) => `${topic} ${partition} ${offset}`),
        )
        .sort();
    await consumer.run({ autoCommitThreshold: 50, eachMessage: () => Promise.resolve() });
    await until(
      "all committed",
      20_000,
      async () => (await committed()).reduce((sum, line) => sum + Number(line.split(" ")[2]), 0) === 250,
    );
    const reported = async () => {
      const { rows } = await stage.pool.query<{ line: string }>(
        `
          SELECT d.name || ' ' || p.partition || ' ' || p.committed_offset AS line
          FROM group_partitions p
          JOIN consumer_groups g ON g.id = p.group_id
          JOIN destinations d ON d.id = p.destination_id
          WHERE g.name = 'payments'`,
      );
      return rows.map(({ line }) => line).sort();
    };
    const expected = await committed();
    await until(
      "the same commits tapped",
      10_000,
      async () => JSON.stringify(await reported()) === JSON.stringify(expected),
    );
    const { rows } = await stage.pool.query<{ source: string; ours: string }>(
      `
        SELECT commit_source AS source,
          (SELECT count(*) FROM consumer_groups WHERE name LIKE 'flowtap%') AS ours
        FROM clusters`,
    );
    assert.deepEqual(rows, [{ source: "tapped", ours: "0" }]);
    await consumer.disconnect();
    await admin.deleteGroups(["payments"]);
    await admin.disconnect();
    await until("a deleted group's commits gone", 10_000, async () => (await reported()).length === 0);
  });
}
