import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { publisherCandidates, type ProducerFacts } from "./candidates.ts";

const producer = (
  topics: Readonly<Record<string, number | readonly [records: number, named: number]>>,
  over: Partial<ProducerFacts> = {},
): ProducerFacts => ({
  service: null,
  group: null,
  groupService: null,
  isGroupExact: true,
  destinations: Object.entries(topics).map(([topic, counts]) => {
    const [records, namedRecords] = typeof counts === "number" ? [counts, 0] : counts;
    return { topic, records, namedRecords };
  }),
  firstAtMs: 1000,
  lastAtMs: 2000,
  ...over,
});

const linesOf = (producers: readonly ProducerFacts[], unknown: readonly string[] = []) =>
  publisherCandidates(producers, new Set(unknown)).map(({ name, evidence, producers: running, rules }) => {
    const lines = rules.map((rule) => `${rule.kind} ${rule.name}=${rule.service}`);
    return `${name} by ${evidence} ×${running}: ${lines.join(" ")}`;
  });

describe("publisherCandidates", () => {
  it("takes what a producer writes beside what its records name", () => {
    assert.deepEqual(linesOf([producer({ payments: [9, 9], audit: 4 }, { service: "pay" })]), [
      "pay by record ×1: topic audit=pay",
    ]);
  });

  it("takes the instances of one group for one publisher, under the name of the group or of its service", () => {
    const instance = producer({ stock: 5 }, { group: "cg-3" });
    assert.deepEqual(linesOf([instance, instance]), ["cg-3 by transaction ×2: topic stock=cg-3 group cg-3=cg-3"]);
    assert.deepEqual(linesOf([{ ...instance, isGroupExact: false }]), [
      "cg-3 by commits ×1: topic stock=cg-3 group cg-3=cg-3",
    ]);
    assert.deepEqual(linesOf([{ ...instance, groupService: "inventory" }]), [
      "inventory by transaction ×1: topic stock=inventory",
    ]);
  });

  it("takes the producers of the same topics for one publisher, also those that have written only some yet", () => {
    assert.deepEqual(linesOf([producer({ a: 3, b: 2 }), producer({ a: 1 }), producer({ c: 1 })]), [
      "publisher of a, b by together ×2: topic a=publisher of a, b topic b=publisher of a, b",
      "publisher of c by together ×1: topic c=publisher of c",
    ]);
  });

  it("offers no topic that others write to as well", () => {
    assert.deepEqual(linesOf([producer({ a: 3, audit: 2 }), producer({ b: 2, audit: 1 }), producer({ audit: 1 })]), [
      "publisher of a, audit by together ×1: topic a=publisher of a, audit",
      "publisher of b, audit by together ×1: topic b=publisher of b, audit",
      "publisher of audit by together ×1: ",
    ]);
    assert.deepEqual(linesOf([producer({ a: 3 })], ["a"]), ["publisher of a by together ×1: "]);
  });

  it("names few of many topics", () => {
    const [candidate] = publisherCandidates([producer({ a: 5, b: 4, c: 3, d: 2, e: 1 })], new Set());
    assert.equal(candidate?.name, "publisher of a, b, c and 2 more");
  });
});
