import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { diffJson } from "#lib/domain/entity/diff.ts";
import type { Json } from "#lib/domain/entity/json-value.ts";
import { stateNodes, type StateNode } from "./state-nodes.ts";

const SIGN = { added: "+", changed: "~", removed: "-" } as const;
const linesOf = (node: StateNode): string[] => [
  `${node.mark === null ? " " : SIGN[node.mark]}${node.touched ? "*" : ""}${node.path}`,
  ...node.children.flatMap(linesOf),
];
const changedLines = (before: Json | undefined, after: Json) =>
  linesOf(stateNodes(after, diffJson(before, after, 100).changes).root);

describe("the state with what an event changed", () => {
  const CASES: readonly [why: string, before: Json | undefined, after: Json, lines: string[]][] = [
    ["all of it is new", undefined, { a: { b: 1 } }, ["+", "+/a", "+/a/b"]],
    ["one member deep inside", { a: { b: 1 }, c: 1 }, { a: { b: 2 }, c: 1 }, [" *", " */a", "~/a/b", " /c"]],
    [
      "a member and an item that went stand where they stood",
      { a: [1, 2], "x/y": 1 },
      { a: [1] },
      [" *", " */a", " /a/0", "-/a/1", "-/x~1y"],
    ],
    ["an object in place of a number", { a: 1 }, { a: { b: [] } }, [" *", "~/a", "~/a/b"]],
    ["nothing", { a: 1 }, { a: 1 }, [" ", " /a"]],
  ];
  for (const [why, before, after, lines] of CASES) it(why, () => assert.deepEqual(changedLines(before, after), lines));
  it("is as large as people look at", () =>
    assert.equal(
      stateNodes(
        Array.from({ length: 5000 }, () => 1),
        [],
      ).leftOut,
      true,
    ));
});
