/** The alert of a cluster that cannot be reached. */
import assert from "node:assert/strict";
import { it } from "node:test";
import type { AlertWorld } from "./alert-world.ts";

export function testClusterAlert(world: AlertWorld): void {
  const { holdPasses, until } = world;

  it("of a cluster out of reach names it, and is over when it is looked at again", async () => {
    await world.pool.query(
      `
        INSERT INTO tap_processes (host, pid, version, started_at, heartbeat_at)
        VALUES ('h', 1, '0', now() - interval '1 hour', now() + interval '1 hour')`,
    );
    await world.pool.query(
      "UPDATE clusters SET state = 'unreachable', state_reason = 'nothing listens', inspected_at = now()",
    );
    const { json } = await until("that it is away", () => world.web.of("/cluster")[0]);
    assert.deepEqual(
      [json["title"], json["sentence"], json["url"]],
      ["test · Not reachable", "test does not answer: nothing listens", "https://flowtap.example/groups?cluster=test"],
    );
    await world.pool.query(
      "UPDATE clusters SET state = 'connected', state_reason = NULL, inspected_at = now() + interval '1 hour'",
    );
    await until(
      "the cluster to be seen back",
      async () =>
        (await world.pool.query("SELECT 1 FROM alerts WHERE rule = 'cluster away' AND cleared_at IS NOT NULL"))
          .rowCount === 1,
    );
    await holdPasses();
    const over = await until("that it is over", () => world.web.of("/cluster")[1]);
    assert.deepEqual(
      [over.json["kind"], over.json["key"], over.json["title"]],
      ["resolved", json["key"], "Resolved: test · Not reachable"],
    );
  });
}
