import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { describe, it } from "node:test";
import { openForwarded } from "./forwarded.ts";

const TRUSTED = ["10.0.0.0/8", "fd00::/8", "192.0.2.7"];
interface Case {
  readonly why: string;
  readonly peer: string;
  readonly trusted?: readonly string[];
  readonly headers: Record<string, string>;
  readonly expected: readonly [client: string, host: string, scheme: string];
}
const FORGED = { "x-forwarded-for": "1.1.1.1", "x-forwarded-host": "evil.example", "x-forwarded-proto": "https" };

const CASES: readonly Case[] = [
  {
    why: "nobody by default",
    peer: "10.0.0.1",
    trusted: [],
    headers: FORGED,
    expected: ["10.0.0.1", "flowtap:3000", "http"],
  },
  {
    why: "no peer that is not listed",
    peer: "11.0.0.1",
    headers: FORGED,
    expected: ["11.0.0.1", "flowtap:3000", "http"],
  },
  { why: "a listed network", peer: "10.9.8.7", headers: FORGED, expected: ["1.1.1.1", "evil.example", "https"] },
  { why: "a listed address", peer: "192.0.2.7", headers: FORGED, expected: ["1.1.1.1", "evil.example", "https"] },
  { why: "an IPv6 network", peer: "fd00::12", headers: FORGED, expected: ["1.1.1.1", "evil.example", "https"] },
  {
    why: "a peer in IPv6 notation",
    peer: "::ffff:10.0.0.1",
    headers: FORGED,
    expected: ["1.1.1.1", "evil.example", "https"],
  },
  {
    why: "a chain up to its first stranger",
    peer: "10.0.0.1",
    headers: { "x-forwarded-for": "6.6.6.6, 2.2.2.2, 10.0.0.3" },
    expected: ["2.2.2.2", "flowtap:3000", "http"],
  },
  {
    why: "addresses with ports",
    peer: "10.0.0.1",
    headers: { "x-forwarded-for": "2.2.2.2:4711" },
    expected: ["2.2.2.2", "flowtap:3000", "http"],
  },
  {
    why: "IPv6 addresses with ports",
    peer: "10.0.0.1",
    headers: { "x-forwarded-for": "[2001:db8::1]:4711" },
    expected: ["2001:db8::1", "flowtap:3000", "http"],
  },
  {
    why: "no address that is none",
    peer: "10.0.0.1",
    headers: { "x-forwarded-for": "1.1.1.1, unknown" },
    expected: ["10.0.0.1", "flowtap:3000", "http"],
  },
  {
    why: "no host that is none, and no scheme but http and https",
    peer: "10.0.0.1",
    headers: { "x-forwarded-host": "a/b", "x-forwarded-proto": "gopher" },
    expected: ["10.0.0.1", "flowtap:3000", "http"],
  },
  {
    why: "what the nearest proxy added last",
    peer: "10.0.0.1",
    headers: { "x-forwarded-host": "evil.example, ours.example:8443", "x-forwarded-proto": "http, https" },
    expected: ["10.0.0.1", "ours.example:8443", "https"],
  },
];

describe("what proxies tell of the client", () => {
  for (const { why, peer, trusted = TRUSTED, headers, expected } of CASES)
    it(`believes ${why}`, () => {
      const request = {
        socket: { remoteAddress: peer },
        headers: { host: "flowtap:3000", forwarded: "for=3.3.3.3", "x-flowtap-client": "9.9.9.9", ...headers },
      } as unknown as IncomingMessage;
      openForwarded(trusted)(request);
      const { host, "x-flowtap-client": client, "x-flowtap-scheme": scheme, ...rest } = request.headers;
      assert.deepEqual([client, host, scheme], expected);
      assert.deepEqual(rest, {}, "nothing behind the door reads what a client may have written");
    });
});
