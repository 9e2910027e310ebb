import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { GROUP_METRIC_NAMES, groupMetricsText } from "./group-metrics.ts";
import { type GroupMetrics } from "./group-figures.ts";

const FIGURES: GroupMetrics = {
  groups: [
    {
      cluster: "prod",
      group: 'a"b\\c\nd',
      protocol: "classic",
      state: "stable",
      coordinator: "1",
      members: 2,
      verdict: "stalled",
      cause: "poison_event",
      severity: 3,
      lagMessages: 9_007_199_254_740_993n,
      timeLagMs: 1500n,
      timeLagIsFloor: true,
      inRate: 0.5,
      outRate: 0,
      catchUpSeconds: null,
      dataLossSeconds: 60,
      lostMessages: 0n,
      evaluatedAt: new Date(1500),
    },
  ],
  topics: [{ cluster: "prod", group: "g", topic: "orders", lagMessages: 5n, committedSum: 10n, timeLagMs: null }],
  partitions: [{ cluster: "prod", group: "g", topic: "orders", partition: 3, committedOffset: null, lagMessages: 5n }],
  counts: [{ cluster: "prod", verdict: "stalled", groups: 1 }],
  dropped: { groups: 14_000, topics: 0, partitions: 7 },
};
const lines = groupMetricsText(FIGURES).split("\n");

describe("groupMetricsText", () => {
  const KMINION_PARTITION = 'cluster="prod",group_id="g",topic_name="orders",partition_id="3"';
  const EXPECTED = [
    'flowtap_groups{cluster="prod",verdict="stalled"} 1',
    'flowtap_group_series_dropped{kind="groups"} 14000',
    'flowtap_group_lag_messages{cluster="prod",group="a\\"b\\\\c\\nd"} 9007199254740993',
    'flowtap_group_time_lag_seconds{cluster="prod",group="a\\"b\\\\c\\nd"} 1.5',
    'flowtap_group_verdict{cluster="prod",group="a\\"b\\\\c\\nd",verdict="stalled"} 1',
    'flowtap_group_verdict{cluster="prod",group="a\\"b\\\\c\\nd",verdict="ok"} 0',
    'flowtap_group_cause{cluster="prod",group="a\\"b\\\\c\\nd",cause="poison_event"} 1',
    'kminion_kafka_consumer_group_topic_lag{cluster="prod",group_id="g",topic_name="orders"} 5',
    `kminion_kafka_consumer_group_topic_partition_lag{${KMINION_PARTITION}} 5`,
    'kafka_consumergroup_lag{cluster="prod",consumergroup="g",topic="orders",partition="3"} 5',
    'kafka_consumergroup_lag_sum{cluster="prod",consumergroup="g",topic="orders"} 5',
  ];
  for (const line of EXPECTED) it(line, () => assert.ok(lines.includes(line), lines.join("\n")));
  it("has no series for what is not known", () =>
    assert.deepEqual(
      lines.filter((line) =>
        /^(flowtap_group_(catch_up|topic_time_lag)_seconds|kafka_consumergroup_current_offset)\{/.test(line),
      ),
      [],
    ));
  it("writes each metric's type once, before its values", () => {
    const types = lines.filter((line) => line.startsWith("# TYPE"));
    assert.equal(new Set(types).size, types.length);
  });
});

describe("the Grafana dashboard", () => {
  const text = readFileSync(new URL("../../docs/grafana/flowtap.json", import.meta.url), "utf8");
  const dashboard = JSON.parse(text) as {
    panels: {
      id: number;
      title: string;
      gridPos: { x: number; y: number; w: number; h: number };
      targets?: { expr: string }[];
    }[];
  };
  const expressions = [...text.matchAll(/"(?:expr|query|definition)": "((?:[^"\\]|\\.)*)"/g)].map(
    ([, expression = ""]) => JSON.parse(`"${expression}"`) as string,
  );
  const PREFIX = /\b(?:flowtap|kminion|kafka)_[a-z_]+/g;
  /** of the web and the tap themselves; see lib/web/metrics.ts and metrics.ts */
  const OWN =
    readFileSync(new URL("metrics.ts", import.meta.url), "utf8") +
    readFileSync(new URL("#lib/web/metrics.ts", import.meta.url), "utf8");

  it("asks only for metrics that are exported", () => {
    const asked = new Set(expressions.flatMap((expression) => expression.match(PREFIX) ?? []));
    assert.ok(asked.size >= 8);
    assert.deepEqual(
      [...asked].filter(
        (name) => !(GROUP_METRIC_NAMES as readonly string[]).includes(name) && !OWN.includes(`"${name}"`),
      ),
      [],
    );
  });
  it("has panels with ids of their own that do not lie on each other", () => {
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)}/${y + Math.floor(i / w)}`),
    );
    assert.equal(new Set(cells).size, cells.length);
    assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
    assert.ok(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24));
  });
});
