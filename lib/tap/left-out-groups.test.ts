import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openLeftOutGroups } from "./left-out-groups.ts";

describe("groups that are left out", () => {
  const all = { include: ["*"], exclude: [] };
  for (const [group, groups, expected] of [
    ["payments", all, false],
    ["", all, false],
    ["flowtap-tap", all, true],
    ["flowtap-tap.commits", all, true],
    ["flowtap-tapas", all, false],
    ["console-consumer-1234", { include: ["*"], exclude: ["console-consumer-*"] }, true],
    ["my-console-consumer-1", { include: ["*"], exclude: ["console-consumer-*"] }, false],
    ["shop.orders", { include: ["shop.*"], exclude: ["*.test"] }, false],
    ["shop.test", { include: ["shop.*"], exclude: ["*.test"] }, true],
    ["other", { include: ["shop.*"], exclude: [] }, true],
  ] as const)
    it(`${JSON.stringify(group)} of ${JSON.stringify(groups)}: ${expected}`, () => {
      const isLeftOut = openLeftOutGroups({
        tapGroup: "flowtap-tap",
        groups: { include: [...groups.include], exclude: [...groups.exclude] },
      });
      assert.deepEqual([isLeftOut(group), isLeftOut(group)], [expected, expected]);
    });
});
