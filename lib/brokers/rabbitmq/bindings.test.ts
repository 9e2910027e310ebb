import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { GoneBindings, bindingChanges } from "./bindings.ts";

const TAP = "flowtap.tap.orders";
const binding = (destination: string, routing_key: string, args: Record<string, unknown> = {}) => ({
  source: "orders",
  destination,
  destination_type: destination === "next" ? "exchange" : "queue",
  routing_key,
  arguments: args,
});
const changes = (...bindings: readonly ReturnType<typeof binding>[]) => {
  const { add, remove } = bindingChanges(bindings, TAP);
  const words = ({ routing_key, arguments: args }: (typeof add)[number]) => `${routing_key} ${JSON.stringify(args)}`;
  return { add: add.map(words), remove: remove.map(words) };
};

describe("the bindings of a tap", () => {
  it("are those of queues and of exchanges behind it, each once", () =>
    assert.deepEqual(changes(binding("mail", "order.#"), binding("audit", "order.#"), binding("next", "stock.*")), {
      add: ["order.# {}", "stock.* {}"],
      remove: [],
    }));
  it("stay as they are, whatever the order of their arguments", () =>
    assert.deepEqual(changes(binding("mail", "", { a: 1, b: 2 }), binding(TAP, "", { b: 2, a: 1 })), {
      add: [],
      remove: [],
    }));
  it("go only when the one they copy has been missing for a while, in every list", () => {
    const gone = new GoneBindings();
    const one = binding(TAP, "order.#");
    assert.deepEqual(gone.add([one], 0), []);
    assert.deepEqual(gone.add([], 5000), [], "there again");
    assert.deepEqual(gone.add([one], 6000), []);
    assert.deepEqual(gone.add([one], 13_000), []);
    gone.clear();
    assert.deepEqual(gone.add([one], 15_000), [], "of another connection");
    assert.deepEqual(gone.add([one], 23_000), [one]);
  });
  it("go with the last one like them, and do not keep each other", () =>
    assert.deepEqual(changes(binding(TAP, "order.#"), binding("flowtap.other", "order.#")), {
      add: [],
      remove: ["order.# {}"],
    }));
});
