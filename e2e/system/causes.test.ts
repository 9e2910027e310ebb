/**
 * Every cause produced by real consumers on a real Kafka, all side by side. Each is named within a minute, no other is
 * reported meanwhile, and it goes away when the service is mended. Beside them run healthy groups, for which no cause
 * may be reported.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { CAUSES } from "#lib/domain/health/cause.ts";
import { runScenarios, type Outcome } from "./causes-run.ts";
import { scenarios } from "./causes-scenarios.ts";
import type { Scenario } from "./causes-service.ts";
import { incidentsOf, watchGroups, type CausesWatch } from "./causes-watch.ts";
import { openCausesWorld, type CausesWorld } from "./causes-world.ts";

const NAMED_WITHIN_S = 60;

describe("causes", { timeout: 600_000 }, () => {
  let world: CausesWorld;
  let watch: CausesWatch;
  let all: readonly Scenario[] = [];
  let outcomes: readonly Outcome[] = [];

  before(async () => {
    world = await openCausesWorld();
    all = scenarios(world);
    await world.flowtap.startTap();
    watch = watchGroups(world.databaseUrl);
    outcomes = await runScenarios(world, all, watch);
  });
  after(async () => {
    await Promise.allSettled(all.map((scenario) => scenario.stop()));
    await watch?.stop();
    await world?.close();
  });

  it("are all produced", () =>
    assert.deepEqual([...new Set(all.flatMap(({ cause }) => cause ?? []))].sort(), [...CAUSES].sort()));

  it("are named within a minute, each by its own", (t) => {
    const late: string[] = [];
    for (const { scenario, spoiledAtMs, namedAtMs } of outcomes) {
      if (scenario.cause === null) continue;
      const seconds = namedAtMs === null ? null : (namedAtMs - spoiledAtMs) / 1000;
      const delay = seconds === null ? "never" : `${seconds.toFixed(0)} s`;
      t.diagnostic(`${scenario.cause.padEnd(16)} ${delay} — ${scenario.group}: ${scenario.what}`);
      if (seconds === null || seconds > NAMED_WITHIN_S)
        late.push(`${scenario.group}: ${scenario.cause} after ${seconds ?? "?"} s`);
    }
    assert.deepEqual(late, []);
  });

  it("are the only ones claimed, before, meanwhile and after", async () => {
    const wrong: string[] = [];
    for (const { scenario, falseClaims } of outcomes) {
      wrong.push(
        ...falseClaims.map(
          (claim) => `${scenario.group}: ${claim.cause} at ${claim.secondsAfterSpoiled} s (${claim.sentence})`,
        ),
      );
      const mayBe = new Set([null, scenario.cause, ...(scenario.whileMending ?? [])]);
      const incidents = await incidentsOf(world.pool, scenario.cluster, scenario.group);
      wrong.push(
        ...incidents
          .flatMap(({ causes }) => causes)
          .filter((cause) => !mayBe.has(cause))
          .map((cause) => `${scenario.group}: an incident with ${cause}`),
      );
    }
    assert.deepEqual(wrong, []);
  });

  it("go away when mended, and their incidents are closed", async () => {
    const left: string[] = [];
    for (const {
      scenario: { cluster, group, cause },
      clearedAtMs,
    } of outcomes) {
      if (cause === null) continue;
      if (clearedAtMs === null) left.push(`${group}: still said to have ${cause}`);
      const incidents = await incidentsOf(world.pool, cluster, group);
      if (!incidents.some(({ causes }) => causes.includes(cause))) left.push(`${group}: no incident tells of ${cause}`);
      if (incidents.some(({ closedAt }) => closedAt === null)) left.push(`${group}: its incident is open`);
    }
    assert.deepEqual(left, []);
  });

  it("of a service that is slow never make it a stopped one, for which somebody is woken", () => {
    const moving = all.filter(({ isMoving }) => isMoving === true);
    assert.ok(moving.length > 0);
    for (const { cluster, group } of moving) {
      const stopped = watch.of(cluster, group).filter(({ row }) => ["stopped", "stalled"].includes(row.verdict));
      assert.deepEqual(
        stopped.map(({ row }) => [row.verdict, row.reason]),
        [],
        group,
      );
    }
  });

  it("are not claimed of the healthy, nor anything else", async () => {
    for (const { cluster, group } of all.filter(
      ({ cause, whileMending }) => cause === null && whileMending === undefined,
    )) {
      const reported = watch.of(cluster, group);
      assert.deepEqual(
        [...new Set(reported.map(({ row }) => row.verdict).filter((verdict) => verdict !== "unknown"))],
        ["ok"],
        group,
      );
      assert.deepEqual(await incidentsOf(world.pool, cluster, group), [], group);
    }
  });

  it("belong to groups of which none is ever called dead", () => {
    for (const { cluster, group } of all)
      assert.ok(!watch.of(cluster, group).some(({ row }) => row.state === "dead"), group);
    const protocols = new Set(all.map(({ cluster, group }) => watch.of(cluster, group).at(-1)?.row.protocol));
    for (const protocol of ["classic", "consumer"]) assert.ok(protocols.has(protocol), protocol);
  });
});
