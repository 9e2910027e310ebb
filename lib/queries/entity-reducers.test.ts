import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Json } from "#lib/domain/entity/json-value.ts";
import { NO_STATE } from "#lib/domain/entity/state.ts";
import type { KeyEventColumns } from "#lib/store/events/entities-read.ts";
import { openReducers, type Reducers } from "./entity-reducers.ts";

const EVENT = { topic: "accounts", type: "paid", occurredAt: new Date(0) } as KeyEventColumns;
/** Four runs of digits can be told apart in so many ways that trying all of them takes minutes. */
const SLOW = { d: `${"1".repeat(1600)}x`, p: "[f1]".repeat(4) };
const AT_LENGTH: readonly [why: string, expression: string, body: Json][] = [
  // As $eval reads them from data, no check of the expression can see them.
  ["a picture from data", "$eval('$toMillis(body.d, body.p)', $)", SLOW],
  ["a huge text", "$length($pad('', 400000000, body.d))", { d: "ab" }],
];

async function within<T>(budgetMs: number, work: (reducers: Reducers) => Promise<T>): Promise<T> {
  const reducers = openReducers("a-1", budgetMs);
  try {
    return await work(reducers);
  } finally {
    await reducers.close();
  }
}

describe("the reducers of an entity", () => {
  it("bring a state, with what was before", async () => {
    const made = await within(2000, async ({ reduce }) => [
      await reduce("body.n + 1", EVENT, NO_STATE, { n: 1 }),
      await reduce("state & event.type & event.key", EVENT, { ...NO_STATE, value: "was " }, {}),
    ]);
    assert.deepEqual(made, [
      { kind: "reduced", value: 2 },
      { kind: "reduced", value: "was paida-1" },
    ]);
  });
  for (const [why, expression, body] of AT_LENGTH)
    it(`end in time at ${why}, and the next event is reduced`, { timeout: 8000 }, async () => {
      const startedAt = performance.now();
      const [slow, next] = await within(5000, async ({ reduce }) => [
        await reduce(expression, EVENT, NO_STATE, body),
        await reduce("body.n", EVENT, NO_STATE, { n: 1 }),
      ]);
      assert.equal(slow?.kind, "gap");
      assert.deepEqual(next, { kind: "reduced", value: 1 });
      assert.ok(performance.now() - startedAt < 4000);
    });
  it("let the process do other things meanwhile", { timeout: 8000 }, async () => {
    let beats = 0;
    const beating = setInterval(() => (beats += 1), 20);
    await within(2000, ({ reduce }) => reduce(AT_LENGTH[0]?.[1] ?? "", EVENT, NO_STATE, SLOW));
    clearInterval(beating);
    assert.ok(beats > 10, String(beats));
  });
  it("all end when their time is over", async () => {
    const made = await within(0, ({ reduce }) => reduce("1", EVENT, NO_STATE, {}));
    assert.deepEqual(made, { kind: "gap", reason: "the reducers took too long" });
  });
  it("run in a few threads at once only, each given back", { timeout: 20_000 }, async () => {
    for (let round = 0; round < 2; round++) {
      const opened = Array.from({ length: 6 }, () => openReducers("a-1", 5000));
      const made = await Promise.all(opened.map(({ reduce }) => reduce("1", EVENT, NO_STATE, {})));
      assert.deepEqual(made.map(({ kind }) => kind).sort(), ["gap", "gap", ...Array<string>(4).fill("reduced")]);
      await Promise.all(opened.map((one) => one.close()));
    }
  });
});
