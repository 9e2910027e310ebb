import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { Finding, FindingOf } from "#lib/domain/health/finding.ts";
import { withWords } from "#lib/domain/health/words/finding-words.ts";
import { GROUP, log, ORDERS, PartitionWorld, row } from "../partition-world.test-data.ts";
import type { EvaluatedGroup } from "../evaluate/group-evaluator.ts";
import { withFindings } from "./hot-keys.ts";
import { ReportedStatus } from "./reported-status.ts";
import { Reporter, type Reported } from "./reporter.ts";

const INFO: GroupInfo = {
  group: "payments",
  protocol: "classic",
  state: "stable",
  coordinator: "b:1",
  generation: 4,
  members: [],
  subscription: [],
  fault: null,
};
const noMembers = (sinceMs: number): FindingOf<"no_members"> => ({
  cause: "no_members",
  sinceMs,
  at: null,
  data: {
    lagMessages: "40",
    timeLagMs: 0,
    emptySince: new Date(sinceMs).toISOString(),
    lastLeft: null,
    lastCommitAt: null,
    assignsItself: false,
  },
});
const outageFinding: Finding = {
  cause: "broker_trouble",
  sinceMs: 6000,
  at: null,
  data: { reason: "connection refused", leaderless: [], partitionCount: 0 },
};
const hotPartition: Finding = {
  cause: "hot_partition",
  sinceMs: 2000,
  at: { topic: "orders", partition: 0, offset: "60" },
  data: {
    partitions: [],
    partitionCount: 1,
    ofPartitions: 2,
    lagPercent: 100,
    inRate: 5,
    outRate: 1,
    othersKeepUp: true,
    keys: [],
  },
};

class ReportWorld extends PartitionWorld {
  readonly reporter = new Reporter(new ReportedStatus([], [], 0), this.states);

  /** One cycle of a group that has committed 60 of 100 events on partition 0, and all of 10 on partition 1. */
  report(over: Partial<EvaluatedGroup> = {}, isCertain = true): Reported {
    this.cycle([row(0, 60, 0), row(1, 10, 0)], [log(0, 100), log(1, 10)]);
    const group: EvaluatedGroup = {
      groupId: GROUP,
      info: INFO,
      partitions: this.evaluate(),
      verdict: "stopped",
      evidence: 1,
      finding: null,
      recentFailures: 0,
      ...over,
    };
    return this.reporter.report([group], { isCertain, nowMs: this.nowMs });
  }
}

describe("Reporter", () => {
  it("sums up a group, with a point for its topic and the partitions that changed", () => {
    const world = new ReportWorld();
    const { groups, points, partitions } = world.report();
    assert.deepEqual(
      groups.map(({ groupId, lagMessages, verdict }) => [groupId, lagMessages, verdict]),
      [[GROUP, 40n, "ok"]],
      "not bad for long enough yet",
    );
    assert.deepEqual(
      points.map(({ destinationId, lagMessages, memberCount }) => [destinationId, lagMessages, memberCount]),
      [[ORDERS, 40n, 0]],
    );
    assert.deepEqual(
      partitions.map(({ partition }) => partition),
      [0, 1],
    );
    assert.deepEqual(
      world.report().partitions.map(({ partition }) => partition),
      [0],
    );
  });

  it("opens an incident once trouble has held, and gives its finding's sentence for the reason", () => {
    const world = new ReportWorld();
    const found = noMembers(2000);
    assert.deepEqual(world.report({ finding: found }).incidents, []);
    const { groups, incidents } = world.report({ finding: found });
    assert.deepEqual(
      incidents.map(({ kind, finding: of, sinceMs }) => [kind, of?.cause, sinceMs]),
      [["opened", "no_members", 2000]],
    );
    assert.deepEqual([groups[0]?.causeSinceMs, groups[0]?.severity !== 0], [2000, true]);
  });

  it("reports nothing new while little is certain", () => {
    const world = new ReportWorld();
    for (let i = 0; i < 5; i++) assert.deepEqual(world.report({ finding: noMembers(2000) }, false).incidents, []);
  });

  it("reports an outage only of the groups that were at work", () => {
    const world = new ReportWorld();
    world.report();
    const outage = (groups: ReadonlyMap<number, GroupInfo>, nowMs: number) =>
      world.reporter.reportOutage(groups, () => outageFinding, nowMs);
    assert.deepEqual(outage(new Map(), 10_000).groups, [], "gone");
    outage(new Map([[GROUP, INFO]]), 10_000);
    const { groups, incidents, partitions } = outage(new Map([[GROUP, INFO]]), 15_000);
    assert.deepEqual(
      [groups[0]?.finding?.cause, groups[0]?.lagMessages, incidents[0]?.kind, partitions.length],
      ["broker_trouble", 40n, "opened", 0],
    );
  });

  it("puts findings with hot keys into the groups' rows and into their incidents", () => {
    const world = new ReportWorld();
    const found = hotPartition;
    for (let i = 0; i < 2; i++) world.report({ finding: found });
    const reported = world.report({ finding: found });
    const withKeys = { ...withWords(found, { group: "payments", nowMs: 9000 }), sentence: "with keys" };
    const { groups, incidents } = withFindings(reported, new Map([[GROUP, withKeys]]));
    assert.equal(groups[0]?.finding, withKeys);
    assert.deepEqual(
      incidents.map((change) => change.finding),
      reported.incidents.map(() => withKeys),
    );
  });
});
