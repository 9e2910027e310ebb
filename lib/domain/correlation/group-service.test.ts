import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openGroupServices, servicesByName } from "./group-service.ts";

describe("openGroupServices", () => {
  const serviceOf = openGroupServices(
    [{ group: "cg-*-orders", service: "orders" }],
    servicesByName(["orders", "payments", "payments-eu", "Shipping", "a"]),
  );
  const cases: readonly [group: string, expected: readonly [string, string] | null][] = [
    ["payments", ["payments", "inferred"]],
    ["payments-service", ["payments", "inferred"]],
    ["payments.v2", ["payments", "inferred"]],
    ["payments_7", ["payments", "inferred"]],
    ["payments-eu-1", ["payments-eu", "inferred"]],
    ["paymentsx", null],
    ["shipping-workers", ["Shipping", "inferred"]],
    ["cg-7-orders", ["orders", "declared"]],
    ["console-consumer-123", null],
    ["", null],
  ];
  for (const [group, expected] of cases) {
    it(`${group || "(no name)"} → ${expected?.[0] ?? "nobody"}`, () => {
      assert.deepEqual(serviceOf(group), expected && { service: expected[0], knownBy: expected[1] });
    });
  }
});
