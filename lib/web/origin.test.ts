import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isFromHere, isOurHost } from "./origin.ts";

const WRITES: readonly { why: string; headers: Record<string, string>; publicUrl?: string; expected: boolean }[] = [
  { why: "our own page", headers: { origin: "http://localhost:3000", host: "localhost:3000" }, expected: true },
  {
    why: "our own page behind a proxy that ends TLS",
    headers: { origin: "https://flowtap.example", host: "flowtap.example" },
    expected: true,
  },
  {
    why: "our own page behind a proxy that changes Host",
    headers: { origin: "https://flowtap.example", host: "10.0.0.1:3000" },
    publicUrl: "https://flowtap.example/",
    expected: true,
  },
  { why: "another site", headers: { origin: "https://evil.example", host: "localhost:3000" }, expected: false },
  {
    why: "another port of this host",
    headers: { origin: "http://localhost:3001", host: "localhost:3000" },
    expected: false,
  },
  { why: "a sandboxed frame", headers: { origin: "null", host: "localhost:3000" }, expected: false },
  { why: "no browser at all", headers: { host: "localhost:3000" }, expected: true },
  {
    why: "a browser that hides the origin but says cross-site",
    headers: { host: "localhost:3000", "sec-fetch-site": "cross-site" },
    expected: false,
  },
];
describe("where a write comes from", () => {
  for (const { why, headers, publicUrl, expected } of WRITES)
    it(`${expected ? "takes" : "refuses"} ${why}`, () =>
      assert.equal(isFromHere(new Headers(headers), publicUrl), expected));
});

const HOSTS: readonly [host: string | undefined, ours: boolean][] = [
  ["localhost:3000", true],
  ["127.0.0.1", true],
  ["[::1]:3000", true],
  ["192.168.1.4:3000", true],
  ["flowtap.example", true],
  ["FLOWTAP.example:80", true],
  ["rebound.evil.example:3000", false],
  ["localhost.evil.example", false],
  ["127.0.0.1.evil.example", false],
  [undefined, false],
];
describe("what a request calls us, where no token is asked for", () => {
  for (const [host, ours] of HOSTS)
    it(`${ours ? "takes" : "refuses"} ${host ?? "no name"}`, () =>
      assert.equal(isOurHost(host, ["flowtap.example"]), ours));
});
