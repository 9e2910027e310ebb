import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { demoRefusal } from "./demo-guard.ts";

const config = (host: string, tokens = 0) =>
  ({
    web: { host, port: 3000 },
    access: { tokens: Array.from({ length: tokens }, () => ({ name: "a", role: "viewer", token: "x".repeat(16) })) },
  }) as unknown as Parameters<typeof demoRefusal>[0];

describe("the demo", () => {
  for (const host of ["127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1", "localhost", "LOCALHOST"])
    it(`may listen on ${host}`, () => assert.equal(demoRefusal(config(host)), null));
  for (const host of [
    "0.0.0.0",
    "::",
    "",
    "10.0.0.5",
    "192.168.1.2",
    "::ffff:10.0.0.5",
    "demo.example",
    "127.0.0.1.evil",
  ])
    it(`may not listen on ${JSON.stringify(host)}, and says what to set`, () =>
      assert.match(demoRefusal(config(host)) ?? "", /Set web\.host \(or FLOWTAP_WEB_HOST\) to 127\.0\.0\.1/));
  it("does not run beside configured tokens, and says what to leave out", () =>
    assert.match(demoRefusal(config("127.0.0.1", 1)) ?? "", /Leave FLOWTAP_DEMO out/));
});
