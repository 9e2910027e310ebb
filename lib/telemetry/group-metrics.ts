/**
 * Consumer groups for Prometheus: Flowtap's own metrics, and the same under the names of kminion and kafka_exporter, so
 * that dashboards and alerts made for those keep working. The number of series is bounded; dropped ones are counted.
 */
import { VERDICTS } from "#lib/domain/health/verdict.ts";
import type { GroupMetrics, GroupFigures } from "./group-figures.ts";

const HELP = {
  flowtap_groups: "Consumer groups by verdict",
  flowtap_group_series_dropped:
    "Groups, their topics and partitions without series here, because of the limits under metrics in the configuration",
  flowtap_group_lag_messages: "Events that wait for a group",
  flowtap_group_time_lag_seconds:
    "How long the oldest waiting event has been waiting; 0 when none waits, no series when it is not known",
  flowtap_group_time_lag_is_floor: "1 where the time lag is at least so long",
  flowtap_group_verdict: "1 for the verdict of the group, 0 for the others",
  flowtap_group_cause: "1 for why the group is not ok; no series when it is",
  flowtap_group_severity: "3 stuck, 2 failing, 1 lagging, 0 ok or unknown",
  flowtap_group_in_events_per_second: "Events written to what the group reads",
  flowtap_group_out_events_per_second: "Events the group consumes",
  flowtap_group_catch_up_seconds: "Until the slowest partition has caught up; no series when it does not",
  flowtap_group_data_loss_seconds:
    "Until retention deletes the first event that waits; no series when it does not threaten",
  flowtap_group_lost_messages: "Events that retention deleted before they were consumed",
  flowtap_group_judged_timestamp_seconds: "When the group was last judged",
  flowtap_group_topic_time_lag_seconds: "How long the oldest waiting event of a topic has been waiting for the group",
  kminion_kafka_consumer_group_info: "1 if the group is stable, else 0",
  kminion_kafka_consumer_group_members: "Members of the group",
  kminion_kafka_consumer_group_topic_lag: "Events that wait for the group on a topic",
  kminion_kafka_consumer_group_topic_offset_sum: "The sum of the committed offsets of a topic's partitions",
  kminion_kafka_consumer_group_topic_partition_lag: "Events that wait for the group on a partition",
  kafka_consumergroup_members: "Members of the group",
  kafka_consumergroup_lag_sum: "Events that wait for the group on a topic",
  kafka_consumergroup_current_offset_sum: "The sum of the committed offsets of a topic's partitions",
  kafka_consumergroup_lag: "Events that wait for the group on a partition",
  kafka_consumergroup_current_offset: "The committed offset of a partition",
} as const;
type Name = keyof typeof HELP;

export const GROUP_METRIC_NAMES = Object.keys(HELP) as readonly Name[];

type Labels = Readonly<Record<string, string | number>>;
type Value = number | bigint | null;

/** Prometheus's text format; every metric is a gauge. */
export function groupMetricsText({ groups, topics, partitions, counts, dropped }: GroupMetrics): string {
  const linesByName = new Map<Name, string[]>(GROUP_METRIC_NAMES.map((name) => [name, []]));
  const add = (name: Name, labels: Labels, value: Value) => {
    if (value !== null) linesByName.get(name)?.push(`${name}{${labelsText(labels)}} ${value}`);
  };
  for (const { cluster, verdict, groups: number } of counts) add("flowtap_groups", { cluster, verdict }, number);
  for (const [kind, number] of Object.entries(dropped)) add("flowtap_group_series_dropped", { kind }, number);
  for (const group of groups) addGroup(group, add);
  for (const { cluster, group, topic, lagMessages, committedSum, timeLagMs } of topics) {
    add("flowtap_group_topic_time_lag_seconds", { cluster, group, topic }, seconds(timeLagMs));
    add("kminion_kafka_consumer_group_topic_lag", { cluster, group_id: group, topic_name: topic }, lagMessages);
    add("kminion_kafka_consumer_group_topic_offset_sum", { cluster, group_id: group, topic_name: topic }, committedSum);
    add("kafka_consumergroup_lag_sum", { cluster, consumergroup: group, topic }, lagMessages);
    add("kafka_consumergroup_current_offset_sum", { cluster, consumergroup: group, topic }, committedSum);
  }
  for (const { cluster, group, topic, partition, committedOffset, lagMessages } of partitions) {
    add(
      "kminion_kafka_consumer_group_topic_partition_lag",
      { cluster, group_id: group, topic_name: topic, partition_id: partition },
      lagMessages,
    );
    add("kafka_consumergroup_lag", { cluster, consumergroup: group, topic, partition }, lagMessages);
    add("kafka_consumergroup_current_offset", { cluster, consumergroup: group, topic, partition }, committedOffset);
  }
  let text = "";
  for (const [name, lines] of linesByName)
    if (lines.length > 0) text += `# HELP ${name} ${HELP[name]}\n# TYPE ${name} gauge\n${lines.join("\n")}\n`;
  return text;
}

function addGroup(figures: GroupFigures, add: (name: Name, labels: Labels, value: Value) => void): void {
  const { cluster, group } = figures;
  const labels = { cluster, group };
  add("flowtap_group_lag_messages", labels, figures.lagMessages);
  add("flowtap_group_time_lag_seconds", labels, seconds(figures.timeLagMs));
  add("flowtap_group_time_lag_is_floor", labels, figures.timeLagMs === null ? null : figures.timeLagIsFloor ? 1 : 0);
  for (const verdict of VERDICTS)
    add("flowtap_group_verdict", { ...labels, verdict }, verdict === figures.verdict ? 1 : 0);
  if (figures.cause !== null) add("flowtap_group_cause", { ...labels, cause: figures.cause }, 1);
  add("flowtap_group_severity", labels, figures.severity);
  add("flowtap_group_in_events_per_second", labels, figures.inRate);
  add("flowtap_group_out_events_per_second", labels, figures.outRate);
  add("flowtap_group_catch_up_seconds", labels, figures.catchUpSeconds);
  add("flowtap_group_data_loss_seconds", labels, figures.dataLossSeconds);
  add("flowtap_group_lost_messages", labels, figures.lostMessages);
  add(
    "flowtap_group_judged_timestamp_seconds",
    labels,
    figures.evaluatedAt === null ? null : figures.evaluatedAt.getTime() / 1000,
  );
  add(
    "kminion_kafka_consumer_group_info",
    {
      cluster,
      group_id: group,
      protocol: figures.protocol,
      protocol_type: "consumer",
      state: figures.state.replace(/^./, (first) => first.toUpperCase()),
      coordinator_id: figures.coordinator ?? "",
    },
    figures.state === "stable" ? 1 : 0,
  );
  add("kminion_kafka_consumer_group_members", { cluster, group_id: group }, figures.members);
  add("kafka_consumergroup_members", { cluster, consumergroup: group }, figures.members);
}

const seconds = (ms: bigint | null): number | null => (ms === null ? null : Number(ms) / 1000);

const ESCAPED: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };
/** Names come from brokers and may contain any characters, so they are escaped. */
const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${String(value).replace(/[\\"\n]/g, (sign) => ESCAPED[sign] ?? sign)}"`)
    .join(",");
