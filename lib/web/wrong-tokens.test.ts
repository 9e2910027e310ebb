import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { networkOf } from "./client-network.ts";
import { openWrongTokens } from "./wrong-tokens.ts";

function open() {
  const seen = { waits: [] as number[], ways: [] as string[], logged: [] as unknown[], nowMs: 0 };
  const wrong = openWrongTokens({
    count: (way) => seen.ways.push(way),
    log: { warn: (line: unknown) => seen.logged.push(line) },
    now: () => seen.nowMs,
    wait: async (ms) => seen.waits.push(ms),
  });
  return { seen, wrong };
}

describe("wrong tokens", () => {
  it("wait longer each time, and are counted and logged with their address", async () => {
    const { seen, wrong } = open();
    for (let i = 0; i < 9; i++) await wrong.refused("1.2.3.4", i === 0 ? "sign_in" : "bearer");
    assert.deepEqual(seen.waits, [50, 100, 200, 400, 800, 1600, 3000, 3000, 3000]);
    assert.deepEqual(seen.ways.slice(0, 2), ["sign_in", "bearer"]);
    assert.deepEqual(seen.logged[1], { address: "1.2.3.4", way: "bearer", wrongThisMinute: 2 });
  });
  it("are not looked at any more until the minute is over, from that address only", async () => {
    const { seen, wrong } = open();
    for (let i = 0; i < 30; i++) await wrong.refused("1.2.3.4", "bearer");
    assert.deepEqual([wrong.isBlocked("1.2.3.4"), wrong.isBlocked("1.2.3.5")], [true, false]);
    seen.nowMs = 60_000;
    assert.equal(wrong.isBlocked("1.2.3.4"), false);
  });
});

describe("the network of a client", () => {
  for (const [address, network] of [
    ["1.2.3.4", "1.2.3.4"],
    ["::ffff:1.2.3.4", "1.2.3.4"],
    ["2001:db8:0:1:aaaa::1", "2001:db8:0:1::/64"],
    ["2001:0db8:0000:0001::2", "2001:db8:0:1::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["::1", "0:0:0:0::/64"],
    ["", ""],
  ] as const)
    it(`of ${address || "nobody"} is ${network || "none"}`, () => assert.equal(networkOf(address), network));
});
