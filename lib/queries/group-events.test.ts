import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { GroupEvent } from "#lib/contracts/group-history.ts";
import { generationOf, groupEvent } from "./group-events.ts";

const at = new Date(0);

describe("groupEvent", () => {
  const CASES: readonly [kind: GroupEvent["kind"], detail: unknown, text: string][] = [
    ["rebalance", { generation: 1234, members: 1, protocol: "classic" }, "rebalance to generation 1,234, 1 member"],
    ["rebalance", { generation: 9, members: 3, count: 4 }, "4 rebalances to generation 9, 3 members"],
    ["joined", { members: 2, count: 1, who: [{ memberId: "m", clientId: "payments-1" }] }, "payments-1 joined"],
    ["left", { members: 0, count: 3, who: [{ clientId: "p" }, { clientId: "p" }, { clientId: "p" }] }, "3 × p left"],
    [
      "left",
      { count: 5, who: [{ clientId: "a" }, { clientId: "b" }, { clientId: "c" }, { clientId: "d" }] },
      "a, b, c and 2 more left",
    ],
    ["deploy", { replaced: 3, clients: ["payments-*"] }, "deploy: 3 members replaced (payments-*)"],
    ["emptied", { count: 3 }, "all members left"],
    ["rewound", { topic: "orders", partition: 3, from: "500", to: "20" }, "rewound orders[3] from 500 to 20"],
    ["joined", { who: "nobody knows" }, "a member joined"],
    ["rebalance", null, "rebalance"],
  ];
  for (const [kind, detail, text] of CASES)
    it(`${kind} ${JSON.stringify(detail)}`, () => assert.equal(groupEvent({ at, kind, detail }).text, text));
  it("finds the generation where a mark tells it", () =>
    assert.deepEqual(
      [
        generationOf({ at, kind: "rebalance", detail: { generation: 7 } }),
        generationOf({ at, kind: "rebalance", detail: { generation: "7" } }),
        generationOf({ at, kind: "rebalance", detail: null }),
        generationOf(null),
      ],
      [7, null, null, null],
    ));
});
