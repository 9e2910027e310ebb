import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { GroupSchedule } from "./group-schedule.ts";

const listed = (group: string, more: Partial<GroupInfo> = {}) => ({
  group,
  protocol: "classic" as const,
  state: "stable" as const,
  coordinator: "b:1",
  ...more,
});
const info = (group: string, more: Partial<GroupInfo> = {}): GroupInfo => ({
  ...listed(group),
  generation: null,
  members: [
    {
      memberId: `${group}-1`,
      clientId: "c",
      host: "/h",
      assignment: [{ topic: "t", partition: 0 }],
      targetAssignment: null,
      epoch: null,
    },
  ],
  subscription: ["t"],
  fault: null,
  ...more,
});
const noGeneration = () => null;
const all = (groups: ReturnType<typeof listed>[], whyUnlisted: (group: string) => string | null = () => null) => ({
  groups,
  whyUnlisted,
});

describe("GroupSchedule", () => {
  it("describes new and changed groups, then those described longest ago, and no group without members", () => {
    const schedule = new GroupSchedule();
    const groups = [
      listed("a"),
      listed("b"),
      listed("idle", { state: "empty" }),
      listed("hand", { protocol: "simple", state: "empty" }),
    ];
    assert.deepEqual(schedule.plan(groups, noGeneration, true, 10, 0), ["a", "b"]);
    schedule.merge(all(groups), [info("a"), info("b")], noGeneration, 0);
    assert.deepEqual(
      schedule.plan(groups, noGeneration, true, 10, 5000),
      [],
      "its commit log would tell of a rebalance",
    );
    assert.deepEqual(schedule.plan(groups, noGeneration, false, 10, 5000), ["a", "b"]);
    assert.deepEqual(
      schedule.plan(groups, (group) => (group === "b" ? 2 : null), true, 10, 5000),
      ["b"],
      "it rebalanced",
    );
    assert.deepEqual(
      schedule.plan([listed("a", { state: "rebalancing" }), listed("b")], noGeneration, true, 10, 5000),
      ["a"],
    );
    assert.deepEqual(schedule.plan(groups, noGeneration, true, 1, 61_000), ["a"], "no more than the limit");
    assert.deepEqual(
      schedule.plan([listed("a", { protocol: "consumer" }), listed("b")], noGeneration, true, 10, 5000),
      ["a"],
      "it changed protocol",
    );
  });

  it("describes an empty group of a newer protocol once for its epoch, and takes it to have no members meanwhile", () => {
    const schedule = new GroupSchedule();
    const joined = [listed("a", { protocol: "consumer" })];
    const left = [listed("a", { protocol: "consumer", state: "empty" })];
    schedule.merge(all(joined), [info("a", { protocol: "consumer", generation: 3 })], noGeneration, 0);
    assert.deepEqual(schedule.plan(left, noGeneration, true, 10, 1000), ["a"]);
    assert.deepEqual(
      schedule.merge(all(left), [], noGeneration, 1000).map(({ members, generation }) => [members.length, generation]),
      [[0, 3]],
    );
    schedule.merge(
      all(left),
      [info("a", { protocol: "consumer", state: "empty", members: [], generation: 4 })],
      noGeneration,
      2000,
    );
    assert.deepEqual(schedule.plan(left, noGeneration, true, 10, 7000), []);
  });

  it("keeps a share of a cycle for unchanged groups", () => {
    const schedule = new GroupSchedule();
    const calm = [listed("calm", { protocol: "consumer" as const })];
    schedule.merge(all(calm), [info("calm", { protocol: "consumer" })], noGeneration, 0);
    const storm = Array.from({ length: 50 }, (_, i) => listed(`storm-${i}`, { state: "rebalancing" }));
    assert.ok(schedule.plan([...storm, ...calm], noGeneration, true, 8, 60_000).includes("calm"));
  });

  it("keeps a group as it was while its coordinator cannot describe it, and forgets one that is gone", () => {
    const schedule = new GroupSchedule();
    schedule.merge(all([listed("a")]), [info("a")], (group) => (group === "a" ? 7 : null), 0);
    const [loading] = schedule.merge(
      all([listed("a")]),
      [info("a", { members: [], state: "unknown", fault: "loading" })],
      noGeneration,
      1000,
    );
    assert.deepEqual(
      [loading?.fault, loading?.members.length, loading?.state, loading?.generation],
      ["loading", 1, "stable", 7],
    );
    const [unlisted] = schedule.merge(
      all([], () => "no leader"),
      [],
      noGeneration,
      2000,
    );
    assert.deepEqual([unlisted?.fault, unlisted?.members.length], ["no leader", 1]);
    assert.equal(schedule.merge(all([]), [], noGeneration, 60_000).length, 1, "it may be between two coordinators");
    assert.equal(schedule.merge(all([]), [], noGeneration, 69_000).length, 0);
  });

  it("knows of a group of an earlier run only that it may be there", () => {
    const schedule = new GroupSchedule(["a"]);
    assert.deepEqual(
      schedule
        .merge(
          all([], () => "no leader"),
          [],
          noGeneration,
          0,
        )
        .map(({ group, fault }) => [group, fault]),
      [["a", "no leader"]],
    );
    assert.equal(schedule.isDescribed("a"), false);
  });

  it("lets members keep their partitions while a classic group rebalances", () => {
    const schedule = new GroupSchedule();
    schedule.merge(all([listed("a")]), [info("a")], noGeneration, 0);
    const during = info("a", {
      state: "rebalancing",
      members: [
        ...info("a").members.map((member) => ({ ...member, assignment: [] })),
        { memberId: "new", clientId: "c", host: "/h", assignment: [], targetAssignment: null, epoch: null },
      ],
    });
    const [rebalancing] = schedule.merge(all([listed("a", { state: "rebalancing" })]), [during], noGeneration, 1000);
    assert.deepEqual(
      rebalancing?.members.map((member) => member.assignment.length),
      [1, 0],
    );
  });
});
