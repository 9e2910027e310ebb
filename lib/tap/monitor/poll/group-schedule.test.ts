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
const untold = () => null;
const all = (groups: ReturnType<typeof listed>[], whyUnlisted: (group: string) => string | null = () => null) => ({
  groups,
  whyUnlisted,
});

describe("GroupRound", () => {
  it("describes what is new or changed, then who was looked at longest ago, and nobody in whom there is nobody", () => {
    const round = new GroupSchedule();
    const groups = [
      listed("a"),
      listed("b"),
      listed("idle", { state: "empty" }),
      listed("hand", { protocol: "simple", state: "empty" }),
    ];
    assert.deepEqual(round.plan(groups, untold, true, 10, 0), ["a", "b"]);
    round.take(all(groups), [info("a"), info("b")], untold, 0);
    assert.deepEqual(round.plan(groups, untold, true, 10, 5000), [], "its commit log would tell");
    assert.deepEqual(round.plan(groups, untold, false, 10, 5000), ["a", "b"]);
    assert.deepEqual(
      round.plan(groups, (group) => (group === "b" ? 2 : null), true, 10, 5000),
      ["b"],
      "it rebalanced",
    );
    assert.deepEqual(round.plan([listed("a", { state: "rebalancing" }), listed("b")], untold, true, 10, 5000), ["a"]);
    assert.deepEqual(round.plan(groups, untold, true, 1, 61_000), ["a"], "no more than it may");
    assert.deepEqual(
      round.plan([listed("a", { protocol: "consumer" }), listed("b")], untold, true, 10, 5000),
      ["a"],
      "it changed protocol",
    );
  });

  it("asks an empty group of a newer protocol once for its epoch, and holds nobody to be in it meanwhile", () => {
    const round = new GroupSchedule();
    const joined = [listed("a", { protocol: "consumer" })];
    const left = [listed("a", { protocol: "consumer", state: "empty" })];
    round.take(all(joined), [info("a", { protocol: "consumer", generation: 3 })], untold, 0);
    assert.deepEqual(round.plan(left, untold, true, 10, 1000), ["a"]);
    assert.deepEqual(
      round.take(all(left), [], untold, 1000).map(({ members, generation }) => [members.length, generation]),
      [[0, 3]],
    );
    round.take(
      all(left),
      [info("a", { protocol: "consumer", state: "empty", members: [], generation: 4 })],
      untold,
      2000,
    );
    assert.deepEqual(round.plan(left, untold, true, 10, 7000), []);
  });

  it("leaves a share of a turn to those that did not change", () => {
    const round = new GroupSchedule();
    const calm = [listed("calm", { protocol: "consumer" as const })];
    round.take(all(calm), [info("calm", { protocol: "consumer" })], untold, 0);
    const storm = Array.from({ length: 50 }, (_, i) => listed(`storm-${i}`, { state: "rebalancing" }));
    assert.ok(round.plan([...storm, ...calm], untold, true, 8, 60_000).includes("calm"));
  });

  it("keeps a group as it was while its coordinator cannot tell of it, and forgets one that is gone", () => {
    const round = new GroupSchedule();
    round.take(all([listed("a")]), [info("a")], (group) => (group === "a" ? 7 : null), 0);
    const [loading] = round.take(
      all([listed("a")]),
      [info("a", { members: [], state: "unknown", fault: "loading" })],
      untold,
      1000,
    );
    assert.deepEqual(
      [loading?.fault, loading?.members.length, loading?.state, loading?.generation],
      ["loading", 1, "stable", 7],
    );
    const [unlisted] = round.take(
      all([], () => "no leader"),
      [],
      untold,
      2000,
    );
    assert.deepEqual([unlisted?.fault, unlisted?.members.length], ["no leader", 1]);
    assert.equal(round.take(all([]), [], untold, 60_000).length, 1, "it may be between two coordinators");
    assert.equal(round.take(all([]), [], untold, 69_000).length, 0);
  });

  it("knows of what was there before only that it may be there", () => {
    const round = new GroupSchedule();
    round.remember(["a"]);
    assert.deepEqual(
      round
        .take(
          all([], () => "no leader"),
          [],
          untold,
          0,
        )
        .map(({ group, fault }) => [group, fault]),
      [["a", "no leader"]],
    );
    assert.equal(round.isDescribed("a"), false);
  });

  it("lets members keep their partitions while a classic group rebalances", () => {
    const round = new GroupSchedule();
    round.take(all([listed("a")]), [info("a")], untold, 0);
    const during = info("a", {
      state: "rebalancing",
      members: [
        ...info("a").members.map((member) => ({ ...member, assignment: [] })),
        { memberId: "new", clientId: "c", host: "/h", assignment: [], targetAssignment: null, epoch: null },
      ],
    });
    const [seen] = round.take(all([listed("a", { state: "rebalancing" })]), [during], untold, 1000);
    assert.deepEqual(
      seen?.members.map((member) => member.assignment.length),
      [1, 0],
    );
  });
});
