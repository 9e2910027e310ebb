import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BrokerFault } from "#lib/brokers/ports/errors.ts";
import { brokerRefusal, nullOnBrokerFault } from "./deps.ts";

describe("an error while a broker is asked", () => {
  it("is the broker's when an adapter says so", () => {
    const fault = new BrokerFault({ kind: "unreachable" }, "nothing listens there");
    assert.equal(brokerRefusal(fault).code, "broker_unreachable");
    assert.equal(nullOnBrokerFault(fault), null);
  });
  it("is never called the broker's when it is a bug of ours", () => {
    const bug = new TypeError("undefined is not a function");
    for (const handle of [brokerRefusal, nullOnBrokerFault]) assert.throws(() => handle(bug), bug);
  });
});
