import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { groupsAtRisk, isDeclaredIdempotent, receiversLine, type Receiver } from "./second-time.ts";

const receiver = (group: string, more: Partial<Receiver> = {}): Receiver => ({
  group,
  failedThere: false,
  probablyFailedThere: false,
  declaredIdempotent: false,
  ...more,
});
const PAYMENTS = receiver("payments", { failedThere: true });
const ANALYTICS = receiver("analytics", { declaredIdempotent: true });
const BILLING = receiver("billing");

describe("isDeclaredIdempotent", () => {
  for (const [group, expected] of [
    ["analytics", true],
    ["analytics-2", false],
    ["billing-eu", true],
    ["billing", false],
    ["shop-1", true],
    ["shop-12", false],
  ] as const) {
    it(`${group}: ${expected}`, () =>
      assert.equal(isDeclaredIdempotent(group, ["analytics", "billing-*", "shop-?"]), expected));
  }
  it("is false where nothing is declared", () => assert.equal(isDeclaredIdempotent("analytics", []), false));
});

describe("groupsAtRisk", () => {
  for (const [why, targets, plainItems, expected] of [
    [
      "those that had consumed them well and are not declared",
      [{ receivers: [PAYMENTS, ANALYTICS, BILLING] }],
      0,
      ["billing"],
    ],
    [
      "also those they are for, where some are no dead letters",
      [{ receivers: [PAYMENTS, ANALYTICS, BILLING] }],
      2,
      ["payments", "billing"],
    ],
    ["each once", [{ receivers: [BILLING] }, { receivers: [BILLING, PAYMENTS] }], 0, ["billing"]],
    [
      "not the one that probably failed on them",
      [{ receivers: [receiver("streams-app", { probablyFailedThere: true })] }],
      0,
      [],
    ],
    ["nobody", [{ receivers: [PAYMENTS, ANALYTICS] }, { receivers: [] }], 0, []],
  ] as const) {
    it(why, () => assert.deepEqual(groupsAtRisk(targets, plainItems), expected));
  }
});

describe("receiversLine", () => {
  it("says of each what is known", () => {
    const payments = "payments (failed on them, not known to be idempotent)";
    const others = "analytics (declared idempotent), billing (not known to be idempotent)";
    assert.equal(receiversLine("orders", [PAYMENTS, ANALYTICS, BILLING]), `orders is read by ${payments}, ${others}`);
  });
  it("says what is probable", () =>
    assert.equal(
      receiversLine("clicks", [receiver("counter", { probablyFailedThere: true })]),
      "clicks is read by counter (probably failed on them, not known to be idempotent)",
    ));
  it("says that nobody is known", () =>
    assert.equal(receiversLine("orders", []), "orders is read by no group that is known"));
  it("names ten", () =>
    assert.match(
      receiversLine(
        "orders",
        Array.from({ length: 12 }, (_, i) => receiver(`g${i}`)),
      ),
      /g9 \(not known to be idempotent\) and 2 more$/,
    ));
});
