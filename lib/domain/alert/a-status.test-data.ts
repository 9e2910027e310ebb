import type { AlertRule, WatchedCluster, WatchedGroup } from "./rule.ts";

export const NOW = 1_800_000_000_000;

export const aGroupStatus = (change: Partial<WatchedGroup> = {}): WatchedGroup => ({
  about: "group",
  clusterId: 1,
  cluster: "prod",
  group: "payments",
  verdict: "stalled",
  finding: null,
  reason: "orders[1] has not moved for 18 min",
  lagMessages: 4212n,
  timeLagMs: 1_080_000,
  timeLagIsFloor: false,
  inRate: 35,
  outRate: 0.4,
  members: 3,
  dataLossSeconds: 514_800,
  deadLettersPerMinute: 0,
  incidentId: 7,
  evaluatedAtMs: NOW - 1000,
  ...change,
});

export const aClusterStatus = (change: Partial<WatchedCluster> = {}): WatchedCluster => ({
  about: "cluster",
  clusterId: 1,
  cluster: "prod",
  group: "",
  isRefused: false,
  reason: null,
  polledAtMs: NOW - 4000,
  pollEveryMs: 5000,
  tapSinceMs: NOW - 3_600_000,
  ...change,
});

export const aRule = (change: Partial<AlertRule> = {}): AlertRule => ({
  name: "stuck",
  severity: "critical",
  group: "*",
  cluster: "*",
  when: { kind: "verdict", verdicts: ["stalled", "stopped"] },
  forMs: 60_000,
  channels: ["ops"],
  ...change,
});

export const FINDING = {
  cause: "poison_event",
  sinceMs: NOW - 60000,
  sentence: "orders[1] stands at 91,204",
  at: { topic: "orders", partition: 1, offset: "91204" },
  facts: [
    { label: "Members", value: "3 alive" },
    { label: "Redelivered", value: "41 times" },
  ],
  data: {},
} as const;
