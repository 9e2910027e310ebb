import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json } from "#lib/domain/entity/json-value.ts";
import { EntitiesConfig } from "./entities.ts";
import { compileReducer } from "./reducer.ts";

describe("the rules of entities", () => {
  it("are snapshots, merge patches or reducers", () => {
    const rules = [
      { topic: "customers", merge: "snapshot" },
      { type: "order.*", merge: "merge_patch" },
      { topic: "accounts", merge: "reducer", reducer: "{ 'balance': state.balance + body.amount }" },
    ];
    assert.deepEqual(
      EntitiesConfig.parse({ rules }).rules.map(({ topic, type, merge }) => `${topic} ${type} ${merge}`),
      ["customers * snapshot", "* order.* merge_patch", "accounts * reducer"],
    );
  });
  for (const [why, rule, expected] of [
    ["a merge that is none", { merge: "replace" }, /merge/],
    ["a reducer without its expression", { merge: "reducer" }, /reducer/],
    ["an expression that is none", { merge: "reducer", reducer: "{ 'a': " }, /no JSONata expression/],
    [
      "an expression with a pattern",
      { merge: "reducer", reducer: "$match(body.a, /(a+)+$/)" },
      /regular expressions are not taken/,
    ],
    ["a picture from data", { merge: "reducer", reducer: "$toMillis(body.d, body.p)" }, /pictures from data/],
    [
      "a picture from data, applied",
      { merge: "reducer", reducer: "body.d ~> $toMillis(body.p)" },
      /pictures from data/,
    ],
    ["a picture that is put together", { merge: "reducer", reducer: "$toMillis('1', '[' & body.p)" }, /pictures from/],
    ["another name for $toMillis", { merge: "reducer", reducer: "($f := $toMillis; $f(body.d, body.p))" }, /pictures/],
    ["$toMillis handed on", { merge: "reducer", reducer: "$map(body.d, $toMillis)" }, /pictures from data/],
    ["$toMillis in brackets", { merge: "reducer", reducer: "($toMillis)(body.d, body.p)" }, /pictures from data/],
    ["a part of $toMillis", { merge: "reducer", reducer: "$toMillis(?, body.p)" }, /pictures from data/],
    ["an expression beside another merge", { merge: "snapshot", reducer: "body" }, /reducer/],
  ] as const) {
    it(`refuse ${why}`, () => {
      const parsed = EntitiesConfig.safeParse({ rules: [rule] });
      assert.ok(!parsed.success);
      assert.match(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join(), expected);
    });
  }
});

describe("a reducer", () => {
  const EVENT = { key: "a-1", topic: "accounts", type: "paid", at: "2026-11-21T00:00:00.000Z" };
  const run = async (expression: string, state: Json, body: Json) => {
    const reducer = compileReducer(expression);
    assert.ok(reducer.ok, reducer.ok ? "" : reducer.error);
    return reducer.value({ state, body, event: EVENT });
  };
  const CASES: readonly [expression: string, state: Json, body: Json, result: Json | undefined][] = [
    [
      "{ 'balance': (state.balance ? state.balance : 0) + body.amount, 'last': event.type }",
      null,
      { amount: 5 },
      { balance: 5, last: "paid" },
    ],
    [
      "{ 'balance': (state.balance ? state.balance : 0) + body.amount }",
      { balance: 5 },
      { amount: -2 },
      { balance: 3 },
    ],
    [
      "$merge([state, { 'lines': $append(state.lines, body.line) }])",
      { id: 1, lines: ["a"] },
      { line: "b" },
      { id: 1, lines: ["a", "b"] },
    ],
    ["state.nothing", { a: 1 }, {}, undefined],
    ["$toMillis(body.d)", null, { d: "1970-01-01T00:00:01Z" }, 1000],
    ["$toMillis(body.d, '[Y0001]-[M01]-[D01]')", null, { d: "1970-01-02" }, 86_400_000],
    ["body.d ~> $toMillis('[Y0001]-[M01]-[D01]')", null, { d: "1970-01-02" }, 86_400_000],
  ];
  for (const [expression, state, body, result] of CASES)
    it(expression, async () => assert.deepEqual(await run(expression, state, body), { ok: true, value: result }));

  for (const [why, expression] of [
    ["recurses for ever", "($f := function($n) { $f($n + 1) + 1 }; $f(0))"],
    ["loops for ever", "($f := function($n) { $f($n + 1) }; $f(0))"],
    ["makes a huge list", "$map([1..9999999], function($x) { [1..9999999] })"],
    ["fails", "$number(body)"],
    ["makes a function", "function($x) { $x }"],
    ["makes a pattern while it runs", `$eval("$match('a', /a/)")`],
  ] as const) {
    it(`comes to an end when it ${why}`, async () => {
      const result = await run(expression, {}, { a: "x" });
      assert.equal(result.ok, false);
    });
  }
  it("leaves everybody's objects as they are", async () => {
    await run(
      "$merge([state, body])",
      JSON.parse('{"__proto__":{"polluted":1}}') as Json,
      JSON.parse('{"constructor":{"prototype":{"polluted":1}}}') as Json,
    );
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });
});
