import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BrokerFault } from "../ports/errors.ts";
import { perBroker } from "./per-broker.ts";

describe("perBroker", () => {
  it("asks each broker in chunks, one at a time, and keeps every answer", async () => {
    const busy = new Map<number, number>();
    const sizes: number[] = [];
    const items = new Map([
      [1, Array.from({ length: 1201 }, (_, i) => i)],
      [2, [7]],
    ]);
    const answers = await perBroker(items, 500, async (node, chunk) => {
      assert.equal(busy.get(node) ?? 0, 0);
      busy.set(node, 1);
      sizes.push(chunk.length);
      await Promise.resolve();
      busy.set(node, 0);
      return [...chunk];
    });
    assert.deepEqual(
      sizes.sort((a, b) => a - b),
      [1, 201, 500, 500],
    );
    assert.equal(answers.length, 1202);
  });
  it("leaves out a broker that fails and reports it; fails when there is no other", async () => {
    const faults: number[] = [];
    const work = (node: number, chunk: readonly number[]) =>
      node === 2 ? Promise.reject(new BrokerFault({ kind: "unreachable" }, "away")) : Promise.resolve([...chunk]);
    assert.deepEqual(
      await perBroker(
        new Map([
          [1, [1, 2]],
          [2, [3]],
        ]),
        1,
        work,
        (node) => faults.push(node),
      ),
      [1, 2],
    );
    assert.deepEqual(faults, [2]);
    await assert.rejects(perBroker(new Map([[2, [3]]]), 1, work), /away/);
    assert.deepEqual(await perBroker(new Map(), 1, work), []);
  });
  it("does not take a mistake of the program for a broker that is away", async () => {
    const items = new Map([
      [1, [1]],
      [2, [2]],
    ]);
    const work = (node: number) => (node === 2 ? Promise.reject(new TypeError("a bug")) : Promise.resolve([node]));
    await assert.rejects(perBroker(items, 1, work), TypeError);
  });
});
