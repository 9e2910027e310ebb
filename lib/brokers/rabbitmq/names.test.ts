import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { canBeTapped, destinationOfExchange, exchangeOf, isWanted, queueOf, tapStreamOf } from "./names.ts";

describe("names of RabbitMQ", () => {
  it("tell an exchange from a queue of the same name", () => {
    assert.equal(exchangeOf(destinationOfExchange("orders")), "orders");
    assert.equal(queueOf(destinationOfExchange("orders")), null);
    assert.equal(exchangeOf("queue:orders"), null);
    assert.equal(queueOf("queue:queue:orders"), "queue:orders");
  });

  it("of tap streams are plain, short and different for different exchanges", () => {
    assert.equal(tapStreamOf("orders.v1"), "flowtap.tap.orders.v1");
    const odd = ["shop 1/é", "shop 1/è", "a".repeat(255), `${"a".repeat(254)}b`, "é".repeat(120), "~"];
    const streams = odd.map(tapStreamOf);
    for (const stream of streams) assert.match(stream, /^flowtap\.tap\.[\w.~-]{1,170}$/);
    assert.equal(new Set(streams).size, odd.length);
  });

  it("say what can be tapped, and what is wanted", () => {
    for (const [name, type, expected] of [
      ["orders", "topic", true],
      ["orders", "headers", true],
      ["orders", "x-consistent-hash", false],
      ["", "direct", false],
    ] as const)
      assert.equal(canBeTapped({ name, type }), expected, `${name} ${type}`);
    const topics = { include: ["*"], exclude: ["exchange:amq.*"] };
    assert.deepEqual(
      ["orders", "amq.topic"].map((name) => isWanted({ topics }, name)),
      [true, false],
    );
  });
});
