import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { MemberChanges } from "./member-changes.ts";

const member = (memberId: string, clientId = "payments-1", partitions: readonly number[] = []) => ({
  memberId,
  clientId,
  host: "/h",
  assignment: partitions.map((partition) => ({ topic: "t", partition })),
  targetAssignment: null,
  epoch: null,
});
const group = (members: GroupInfo["members"], more: Partial<GroupInfo> = {}): GroupInfo => ({
  group: "g",
  protocol: "classic",
  state: "stable",
  coordinator: "b:1",
  generation: null,
  members,
  subscription: [],
  fault: null,
  ...more,
});
const kinds = (
  changes: MemberChanges,
  members: GroupInfo["members"],
  atMs: number,
  more: Partial<GroupInfo> = {},
  tellsGenerations = true,
) => changes.add(1, group(members, more), tellsGenerations, atMs).events.map(({ kind }) => kind);

describe("MemberChanges", () => {
  it("begins a session for the members of the first poll, without an event that they joined", () => {
    const change = new MemberChanges([]).add(1, group([member("a")]), true, 0);
    assert.deepEqual(change.events, []);
    assert.deepEqual(
      change.sessions.joined.map((one) => one.memberId),
      ["a"],
    );
  });

  it("tells which members left between two runs", () => {
    const changes = new MemberChanges([
      { groupId: 1, ...member("a") },
      { groupId: 1, ...member("b") },
    ]);
    const change = changes.add(1, group([member("b", "payments-1", [0])]), true, 0);
    assert.deepEqual(
      change.events.map(({ kind, detail }) => [kind, detail["count"]]),
      [["left", 1]],
    );
    assert.deepEqual(change.sessions, {
      joined: [],
      left: [{ groupId: 1, memberId: "a" }],
      moved: [{ groupId: 1, ...member("b", "payments-1", [0]) }],
    });
  });

  it("tells of joins, leaves and the leave of the last member", () => {
    const changes = new MemberChanges([]);
    kinds(changes, [], 0);
    assert.deepEqual(kinds(changes, [member("a")], 1000), ["joined"]);
    assert.deepEqual(kinds(changes, [member("a")], 2000), []);
    assert.deepEqual(kinds(changes, [], 3000), ["left", "emptied"]);
  });

  it("finds a rebalance by the epoch, and by a classic group's members only where no commit log tells", () => {
    const changes = new MemberChanges([]);
    const consumer = { protocol: "consumer" as const };
    kinds(changes, [member("a")], 0, { ...consumer, generation: 4 });
    const [event] = changes.add(1, group([member("a")], { ...consumer, generation: 7 }), true, 5000).events;
    assert.deepEqual([event?.kind, event?.detail["generation"], event?.detail["count"]], ["rebalance", 7, 3]);
    kinds(changes, [member("a", "payments-1", [0])], 6000);
    assert.deepEqual(kinds(changes, [member("a", "payments-1", [0, 1])], 7000), []);
    assert.deepEqual(kinds(changes, [member("a", "payments-1", [1])], 8000, {}, false), ["rebalance"]);
  });

  it("takes the replacement of most members within two minutes for a deploy, once", () => {
    const changes = new MemberChanges([]);
    const old = [1, 2, 3].map((n) => member(`old-${n}`, `payments-${n}`));
    const next = [1, 2, 3].map((n) => member(`new-${n}`, `payments-${n}`));
    kinds(changes, old, 0);
    assert.deepEqual(kinds(changes, [...old.slice(1), ...next.slice(0, 1)], 10_000), ["joined", "left"]);
    const [, , deploy] = changes.add(1, group([...old.slice(2), ...next.slice(0, 2)]), true, 40_000).events;
    assert.deepEqual([deploy?.kind, deploy?.detail], ["deploy", { members: 3, replaced: 2, clients: ["payments-*"] }]);
    assert.deepEqual(kinds(changes, next, 70_000), ["joined", "left"]);
  });

  it("takes members of other programs, or a slow replacement, for no deploy", () => {
    const changes = new MemberChanges([]);
    kinds(changes, [member("a", "payments-1"), member("b", "payments-2")], 0);
    assert.deepEqual(kinds(changes, [member("x", "billing-1"), member("y", "billing-2")], 10_000), ["joined", "left"]);
    const slow = new MemberChanges([]);
    kinds(slow, [member("a"), member("b"), member("c")], 0);
    assert.deepEqual(kinds(slow, [member("a2"), member("b"), member("c")], 10_000), ["joined", "left"]);
    assert.deepEqual(kinds(slow, [member("a2"), member("b2"), member("c")], 300_000), ["joined", "left"]);
  });
});
