/** What fires or has ended, and the messages that must be sent about it. */
import { NOW, aRule } from "./a-status.test-data.ts";
import type { AlreadySent, DeliveryFacts } from "./deliveries.ts";

export const aSentMessage = (change: Partial<AlreadySent> = {}): AlreadySent => ({
  deliveryId: 1n,
  channel: "ops",
  rule: "stuck",
  dedupKey: "k1",
  alertIds: [1],
  open: false,
  silenced: false,
  lastAtMs: NOW - 1000,
  waiting: false,
  failed: false,
  ...change,
});

export const fires = (...ids: number[]) => ids.map((id) => ({ id, rule: "stuck", silenced: false }));

export const DELIVERY_CASES: readonly [
  why: string,
  facts: Partial<DeliveryFacts>,
  joined: string[],
  created: string[],
][] = [
  [
    "those that fire together go in one message, after the group wait",
    { firing: fires(1, 2) },
    [],
    ["firing ops new1 1,2 +15000"],
  ],
  [
    "each channel of the rule gets its own",
    { rules: [aRule({ channels: ["ops", "mail"] })], firing: fires(1) },
    [],
    ["firing ops new1 1 +15000", "firing mail new2 1 +15000"],
  ],
  [
    "one that begins within the wait joins",
    { firing: fires(1, 2), alreadySent: [aSentMessage({ open: true, waiting: true })] },
    ["k1 1,2"],
    [],
  ],
  [
    "one that begins later gets a message of its own",
    { firing: fires(1, 2), alreadySent: [aSentMessage()] },
    [],
    ["firing ops new1 2 +15000"],
  ],
  ["what was sent is not sent again", { firing: fires(1), alreadySent: [aSentMessage()] }, [], []],
  [
    "except after the repeat interval, under the same key",
    { firing: fires(1), alreadySent: [aSentMessage({ lastAtMs: NOW - 3600000, alertIds: [1, 9] })] },
    [],
    ["firing ops k1 1 +0"],
  ],
  [
    "but not while the last one still waits",
    { firing: fires(1), alreadySent: [aSentMessage({ lastAtMs: NOW - 3600000, waiting: true })] },
    [],
    [],
  ],
  [
    "what is resolved is sent under the same key",
    { resolved: new Set([1]), alreadySent: [aSentMessage()] },
    [],
    ["resolved ops k1 1 +0"],
  ],
  [
    "but only when the last alert of the message is resolved",
    { firing: fires(2), resolved: new Set([1]), alreadySent: [aSentMessage({ alertIds: [1, 2] })] },
    [],
    [],
  ],
  [
    "not to a channel that never accepted the first",
    { resolved: new Set([1]), alreadySent: [aSentMessage({ failed: true })] },
    [],
    [],
  ],
  [
    "also when the rule is gone",
    { rules: [], resolved: new Set([1]), alreadySent: [aSentMessage()] },
    [],
    ["resolved ops k1 1 +0"],
  ],
  [
    "a silence holds it back, which is logged once",
    { firing: [{ id: 1, rule: "stuck", silenced: true }] },
    [],
    ["firing ops new1 1 +0 silenced"],
  ],
  [
    "and not again in each cycle",
    { firing: [{ id: 1, rule: "stuck", silenced: true }], alreadySent: [aSentMessage({ silenced: true })] },
    [],
    [],
  ],
  [
    "when the silence ends it is sent",
    { firing: fires(1), alreadySent: [aSentMessage({ silenced: true })] },
    [],
    ["firing ops new1 1 +15000"],
  ],
  [
    "what was held back is not sent as resolved",
    { resolved: new Set([1]), alreadySent: [aSentMessage({ silenced: true })] },
    [],
    [],
  ],
  [
    "a silence holds repeats back",
    { firing: [{ id: 1, rule: "stuck", silenced: true }], alreadySent: [aSentMessage({ lastAtMs: 0 })] },
    [],
    [],
  ],
];
