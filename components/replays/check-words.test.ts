import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import { checkLines } from "./check-words.ts";

type Checks = NonNullable<RedrivePreview["checks"]>;
const fine: Checks = {
  size: [],
  bodies: { checked: 3, notChecked: 0, brokenJson: 0 },
  code: [],
  moved: 0,
  sentBefore: [],
};
const code = {
  group: "payments",
  state: "same",
  deployedAt: null,
  watchedSince: "2026-11-21T10:00:00Z",
  failedLast: "2026-11-21T14:00:00Z",
} as const;
const SAME_CODE = "payments still runs the code that failed: no deploy was seen since the last failure at 14:00";
const NOT_KNOWN = "whether the code that failed still runs is not known";
const ALL_THERE = "ok: All 3 bodies are still in the log; what begins like JSON is well-formed";

const CASES: readonly [Partial<Checks>, readonly string[]][] = [
  [{}, [ALL_THERE]],
  [
    { moved: 2 },
    [
      "warn: 2 events follow their keys to the partition that newer events of the key go to: " +
        "the topic seems to have been given more partitions since",
      ALL_THERE,
    ],
  ],
  [{ code: [code] }, [`warn: ${SAME_CODE}. It may fail again`, ALL_THERE]],
  [
    { code: [{ ...code, deployedAt: "2026-11-21T12:00:00Z" }] },
    [`warn: ${SAME_CODE}; the last one was at 12:00. It may fail again`, ALL_THERE],
  ],
  [
    { code: [{ ...code, state: "newer", deployedAt: "2026-11-21T15:00:00Z" }] },
    ["ok: payments was deployed at 15:00, since the last of these failed", ALL_THERE],
  ],
  [
    { code: [{ ...code, state: "unknown", deployedAt: "2026-11-21T14:01:00Z" }] },
    [`unknown: payments was deployed at 14:01, at about the time the last of these failed: ${NOT_KNOWN}`, ALL_THERE],
  ],
  [
    { code: [{ ...code, state: "unknown", watchedSince: null }] },
    [
      "unknown: Whether payments still runs the code that failed is not known: Flowtap does not know the group",
      ALL_THERE,
    ],
  ],
  [
    {
      sentBefore: [
        { run: 7, items: 2, leftOut: true },
        { run: 8, items: 1, leftOut: false },
      ],
    },
    [
      "ok: 2 events that another replay has sent or has in hand: left out",
      "warn: 1 event that another replay has sent before: sent once more",
      ALL_THERE,
    ],
  ],
  [
    { bodies: { checked: 3, notChecked: 0, brokenJson: 2 } },
    ["warn: 2 bodies begin like JSON and are none: whoever reads JSON fails on that. Edit it or leave it out"],
  ],
  [
    { bodies: { checked: 3, notChecked: 5, brokenJson: 0 } },
    ["unknown: 5 events could not be read in time: whether they are still there and fit is seen when they are sent"],
  ],
  [
    {
      schemas: {
        matching: 12,
        differing: 1,
        unchecked: [{ why: "no schema is known for order.cancelled", items: 2 }],
        first: [{ item: 3, schema: "schemas/order.json", why: "/price must be number" }],
      },
    },
    [
      ALL_THERE,
      "warn: 1 body, as it lies in the log, does not match its schema. Edit it or leave it out",
      "warn: Item 3 does not match schemas/order.json: /price must be number",
      "ok: 12 bodies match their schema",
      "unknown: 2 events were held against no schema: no schema is known for order.cancelled",
    ],
  ],
  [
    {
      size: [
        { topic: "orders", maxBytes: 1000 },
        { topic: "odd", maxBytes: null },
      ],
    },
    [
      ALL_THERE,
      "ok: orders takes records of up to 1,000 bytes: what is sent fits",
      "unknown: The largest record odd takes is not known",
    ],
  ],
];

describe("checkLines", () => {
  for (const [found, lines] of CASES)
    it(lines[0] ?? "", () =>
      assert.deepEqual(
        checkLines({ ...fine, ...found }, (iso) => iso.slice(11, 16)).map(({ tone, text }) => `${tone}: ${text}`),
        lines,
      ),
    );
});
