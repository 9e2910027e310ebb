import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KafkaClusterConfig } from "#lib/config/cluster.ts";
import { BrokerFault, isBrokerFault } from "../ports/errors.ts";
import { brokerFaultOf } from "./connect-fault.ts";

const cluster: KafkaClusterConfig = {
  name: "prod",
  system: "kafka",
  brokers: ["kafka:9092"],
  topics: { include: ["*"], exclude: [] },
  start: "latest",
  groups: { include: ["*"], exclude: [] },
  tapGroup: "flowtap-tap",
};

const failing = (message: string, more: object = {}, cause?: unknown): Error =>
  Object.assign(new Error(message, { cause }), more);

describe("brokerFaultOf", () => {
  const rows: readonly (readonly [Error, string, RegExp])[] = [
    [failing("connect ECONNREFUSED", { code: "ECONNREFUSED" }), "unreachable", /^nothing listens at kafka:9092/],
    [failing("Connection closed"), "unreachable", /^the broker closed the connection; .* a login \(set sasl\)/],
    [failing("x", {}, failing("no", { code: "ENOTFOUND" })), "unreachable", /^no such host \(no\)/],
    [failing("no", { code: "CERT_HAS_EXPIRED" }), "unreachable", /certificate has expired/],
    [failing("no", { apiId: "SASL_AUTHENTICATION_FAILED" }), "login_refused", /check sasl$/],
    [failing("the token endpoint answered 401"), "login_refused", /clientSecret$/],
    [failing("x", {}, failing("no", { type: "GROUP_AUTHORIZATION_FAILED" })), "not_authorized", /does not allow it/],
    [failing("too old", { type: "UNSUPPORTED_VERSION" }), "refused", /^too old$/],
    [new RangeError("offset is outside the bounds"), "unknown", /^offset is outside/],
    [new AggregateError([failing("one"), failing("two")], "all failed."), "unknown", /^all failed\. two$/],
  ];
  for (const [error, kind, words] of rows)
    it(`reports ${error.name} ${error.message} as ${kind}`, () => {
      const fault = brokerFaultOf(error, cluster);
      assert.ok(isBrokerFault(fault));
      assert.equal(fault.detail.kind, kind);
      assert.match(fault.message, words);
      assert.equal(fault.cause, error);
    });
  it("leaves a mistake of the program as it is, and a fault that is one already", () => {
    const mistake = new TypeError("x is not a function");
    assert.equal(brokerFaultOf(mistake, cluster), mistake);
    const fault = new BrokerFault({ kind: "group_not_empty" }, "it has members");
    assert.equal(brokerFaultOf(fault, cluster), fault);
  });
  it("bounds the broker's message, and makes it storable", () => {
    const { message } = brokerFaultOf(failing(`a\0b${"x".repeat(5000)}`), cluster);
    assert.equal(message.length, 1000);
    assert.ok(message.startsWith("a\ufffdbx"));
  });
});
