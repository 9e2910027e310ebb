import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { infoOf } from "./inspect-groups.ts";

describe("infoOf", () => {
  it("gives the number of a member's address, without Java's slash", () => {
    const member = {
      memberId: "m",
      clientId: "c",
      host: "/10.0.0.7",
      assignment: [],
      targetAssignment: null,
      epoch: 1,
    };
    const coordinator = { nodeId: 1, host: "broker", port: 9092 };
    const { members } = infoOf(
      { group: "payments", protocol: "consumer", state: "stable", coordinator },
      { members: [member] },
    );
    assert.deepEqual(members, [{ ...member, host: "10.0.0.7" }]);
  });
});
