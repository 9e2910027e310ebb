import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { contentSecurityPolicy } from "./csp.ts";

const policy = contentSecurityPolicy({ nonce: "abc", dev: false });
const directive = (name: string) => policy.split("; ").find((one) => one.startsWith(`${name} `));

describe("content security policy", () => {
  it("runs scripts by their page's nonce only", () =>
    assert.equal(directive("script-src"), "script-src 'self' 'nonce-abc' 'strict-dynamic'"));
  it("never evaluates", () => assert.doesNotMatch(policy, /unsafe-eval/));
  it("allows inline style on attributes only", () =>
    assert.deepEqual(
      policy.split("; ").filter((one) => one.includes("unsafe-inline")),
      ["style-src-attr 'unsafe-inline'"],
    ));
  for (const name of ["object-src", "frame-ancestors", "base-uri"])
    it(`${name} is none`, () => assert.equal(directive(name), `${name} 'none'`));
  it("names no other site", () => assert.doesNotMatch(policy, /https?:|\*/));
});
