import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { holdText, type Hold } from "./hold.ts";

const member = (clientId: string) => ({ clientId, host: "10.0.0.7" });
const WAITS = { kind: "waiting_for_empty_group", group: "payments", state: "stable" } as const;

const HOLDS: readonly { why: string; hold: Hold; text: string }[] = [
  {
    why: "one member",
    hold: { ...WAITS, members: [member("app-1")], memberCount: 1 },
    text: "waits for payments to be empty: app-1 on 10.0.0.7 is connected",
  },
  {
    why: "several members",
    hold: { ...WAITS, members: [member("app-1"), member("app-2")], memberCount: 40 },
    text: "waits for payments to be empty: app-1 on 10.0.0.7 and 39 more are connected",
  },
  {
    why: "no member that is listed",
    hold: { ...WAITS, state: "rebalancing", members: [], memberCount: 0 },
    text: "waits for payments to be empty: it is rebalancing",
  },
  {
    why: "another producer's transaction",
    hold: { kind: "waiting_for_transaction", topic: "orders", partition: 3 },
    text: "Waits for an open transaction of another producer on orders[3] to end",
  },
  {
    why: "a fault that is tried again",
    hold: { kind: "held_up", reason: "connect ECONNREFUSED" },
    text: "Held up, will be tried again: connect ECONNREFUSED",
  },
  {
    why: "a broker's refusal",
    hold: { kind: "refused_by_broker", reason: "not authorized" },
    text: "The broker refuses it: not authorized",
  },
];

describe("holdText", () => {
  for (const { why, hold, text } of HOLDS) it(why, () => assert.equal(holdText(hold), text));
  it("keeps to 500 characters", () =>
    assert.equal(holdText({ kind: "held_up", reason: "x".repeat(2000) }).length, 500));
});
