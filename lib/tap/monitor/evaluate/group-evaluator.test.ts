import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { GROUP, log, ORDERS, PartitionWorld, row, topics } from "../partition-world.test-data.ts";
import { GroupEvaluator, type EvaluatedGroup } from "./group-evaluator.ts";
import { UnassignedPartitions } from "./unassigned-partitions.ts";

const EMPTY: GroupInfo = {
  group: "payments",
  protocol: "classic",
  state: "empty",
  coordinator: "b:1",
  generation: 4,
  members: [],
  subscription: [],
  fault: null,
};

class GroupWorld extends PartitionWorld {
  readonly #groups = new GroupEvaluator(new UnassignedPartitions(this.ends), 0n);

  evaluateGroups(groups: ReadonlyMap<number, GroupInfo>): EvaluatedGroup[] {
    const partitions = this.evaluate();
    const facts = {
      topics: topics(4),
      destinationOf: new Map([["orders", ORDERS]]),
      groups,
      recentFailures: new Map([["payments", 3]]),
      events: new Map(),
      emptySince: new Map(),
      lastLeft: new Map(),
      knownSinceMs: 0,
      nowMs: this.nowMs,
    };
    return [...this.#groups.evaluate([[GROUP, partitions]], facts)];
  }

  outageOf(info: GroupInfo, reason: string, sinceMs: number) {
    return this.#groups.outageOf(GROUP, info, { reason, sinceMs }, this.nowMs);
  }
}

describe("GroupEvaluator", () => {
  it("takes the worst verdict of the partitions, and finds why", () => {
    const world = new GroupWorld();
    world.cycle([row(0, 10, 0), row(1, 10, 0)], [log(0, 10), log(1, 50)]);
    for (let i = 0; i < 14; i++) world.cycle([row(0, 10, 0), row(1, 10, 0)], [log(0, 10), log(1, 50 + i)]);
    const [group] = world.evaluateGroups(new Map([[GROUP, EMPTY]]));
    assert.deepEqual(
      [group?.verdict, group?.finding?.cause, group?.recentFailures, group?.partitions.length],
      ["stopped", "no_members", 3, 2],
    );
  });

  it("takes a consumer that works off one partition before the next for slow, not for stopped", () => {
    const world = new GroupWorld();
    const stable: GroupInfo = {
      ...EMPTY,
      state: "stable",
      members: [
        {
          memberId: "m-1",
          clientId: "payments-1",
          host: "/10.0.0.1",
          assignment: [],
          targetAssignment: null,
          epoch: null,
        },
      ],
    };
    const verdictWhere = (isMoving: boolean) => {
      let moved = row(0, 10, world.nowMs);
      for (let i = 1; i < 20; i++) {
        if (isMoving) moved = row(0, 10 + i, world.nowMs + 5000);
        world.cycle([moved, row(1, 10, 0)], [log(0, 9000 + i), log(1, 9000 + i)]);
      }
      const [group] = world.evaluateGroups(new Map([[GROUP, stable]]));
      return [group?.verdict, ...(group?.partitions.map(({ evaluation }) => evaluation?.verdict) ?? [])];
    };
    assert.deepEqual(verdictWhere(true), ["warning", "ok", "warning"]);
    assert.deepEqual(verdictWhere(false), ["stopped", "stopped", "stopped"]);
  });

  it("alarms nobody for a topic that the group has left", () => {
    const world = new GroupWorld();
    const member = { memberId: "m-1", clientId: "payments-1", host: "/10.0.0.1", targetAssignment: null, epoch: null };
    const stable: GroupInfo = {
      ...EMPTY,
      state: "stable",
      members: [{ ...member, assignment: [{ topic: "refunds", partition: 0 }] }],
      subscription: ["refunds"],
    };
    for (let i = 0; i < 20; i++) world.cycle([row(0, 10, 0)], [log(0, 50 + i)]);
    const evaluated = (info: GroupInfo) => {
      const [group] = world.evaluateGroups(new Map([[GROUP, info]]));
      const evaluation = group?.partitions[0]?.evaluation;
      return [group?.verdict, group?.finding?.cause, evaluation?.flag, evaluation?.lagMessages];
    };
    const left = ["ok", undefined, "unsubscribed", 0n];
    assert.deepEqual(evaluated(stable), left);
    assert.deepEqual(evaluated({ ...stable, state: "rebalancing" }), left, "as it was known last");
    assert.deepEqual(evaluated({ ...stable, subscription: ["orders", "refunds"] }).at(-1), 59n);
  });

  it("evaluates groups without partitions too, and none that is gone", () => {
    const world = new GroupWorld();
    world.cycle([row(0, 10, 0)], [log(0, 10)]);
    const others = world.evaluateGroups(new Map([[GROUP + 1, { ...EMPTY, group: "idle" }]]));
    assert.deepEqual(
      others.map(({ groupId, verdict, finding }) => [groupId, verdict, finding]),
      [[GROUP + 1, "unknown", null]],
    );
  });

  it("keeps since when a coordinator cannot describe its group", () => {
    const world = new GroupWorld();
    world.cycle([row(0, 10, 0)], [log(0, 10)]);
    const groups = new Map([[GROUP, { ...EMPTY, fault: "not available" }]]);
    const sinceMs = world.nowMs;
    world.evaluateGroups(groups);
    for (let i = 0; i < 6; i++) world.cycle([row(0, 10, 0)], [log(0, 10)]);
    const [group] = world.evaluateGroups(groups);
    assert.deepEqual([group?.finding?.cause, group?.finding?.sinceMs], ["broker_trouble", sinceMs]);
  });

  it("takes an outage of the cluster for broker trouble since then", () => {
    const world = new GroupWorld();
    world.nowMs = 60_000;
    const finding = world.outageOf(EMPTY, "connection refused", 5000);
    assert.deepEqual([finding?.cause, finding?.sinceMs], ["broker_trouble", 5000]);
  });
});
