import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { withBase, withoutBase } from "./base.ts";

describe("withoutBase", () => {
  for (const [address, expected] of [
    ["/flowtap", "/"],
    ["/flowtap/", "/"],
    ["/flowtap?a=1", "/?a=1"],
    ["/flowtap/groups?a=/flowtap/b", "/groups?a=/flowtap/b"],
    ["/flowtapper/x", "/flowtapper/x"],
    ["/groups", "/groups"],
    ["/flowtap/flowtap/x", "/flowtap/x"],
  ] as const)
    it(address, () => assert.equal(withoutBase(address, "/flowtap"), expected));
  it("is undone by withBase", () => {
    for (const address of ["/flowtap", "/flowtap?a=1", "/flowtap/groups?a=1"])
      assert.equal(withBase(withoutBase(address, "/flowtap"), "/flowtap"), address);
    assert.equal(withBase("/?a=1", ""), "/?a=1");
  });
  it("leaves everything at the root", () => assert.equal(withoutBase("/flowtap/x", ""), "/flowtap/x"));
});
