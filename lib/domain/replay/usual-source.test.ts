import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isUsualSource, type KnownSources } from "./usual-source.ts";

const known = (own: Partial<KnownSources> = {}): KnownSources => ({
  declared: null,
  exists: (topic) => topic === "orders",
  named: new Map(),
  ...own,
});

const TABLE: readonly [string, string, string, Partial<KnownSources>, boolean][] = [
  ["declared", "park", "orders", { declared: "orders" }, true],
  ["another than declared", "orders-dlt", "orders", { declared: "carts" }, false],
  ["by name", "orders.DLT", "orders", {}, true],
  [
    "another than by name, however many say so",
    "orders-dlt",
    "payments",
    { named: new Map([["payments", 99]]) },
    false,
  ],
  ["a name of no topic, and nobody else's", "orders-eu-dlt", "payments", { named: new Map([["payments", 1]]) }, false],
  ["as one other says too", "dead-letters", "payments", { named: new Map([["payments", 2]]) }, true],
  [
    "as most others say",
    "parked",
    "orders",
    {
      named: new Map([
        ["orders", 9],
        ["payments", 5],
      ]),
    },
    true,
  ],
  [
    "as few others say",
    "parked",
    "payments",
    {
      named: new Map([
        ["orders", 9],
        ["payments", 5],
      ]),
    },
    false,
  ],
  [
    "as half of the others say",
    "parked",
    "payments",
    {
      named: new Map([
        ["orders", 2],
        ["payments", 3],
      ]),
    },
    false,
  ],
  ["not among the first", "parked", "payments", { named: new Map([["orders", 1000]]) }, false],
  ["nothing else known", "parked", "payments", {}, false],
  ["a topic of no such name", "orders", "orders", {}, false],
];

describe("a target that a dead letter names", () => {
  for (const [why, topic, source, own, expected] of TABLE)
    it(`is ${expected ? "" : "not "}the usual one of ${topic}: ${why}`, () =>
      assert.equal(isUsualSource(topic, source, known(own)), expected));
});
