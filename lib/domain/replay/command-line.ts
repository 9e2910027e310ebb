import type { ResetTarget } from "./offset-reset.ts";

interface ResetToShow {
  readonly brokers: readonly string[];
  readonly group: string;
  readonly partitions: readonly { readonly topic: string; readonly partition: number; readonly to: bigint }[];
  readonly target: ResetTarget;
}

/** The same reset with the tool that comes with Kafka, ready to paste into a POSIX shell. */
export function offsetResetCommand(reset: ResetToShow): string {
  const tool = ["kafka-consumer-groups.sh", "--bootstrap-server", quoted(reset.brokers.join(",")), "--group", quoted(reset.group)];
  if (reset.target.how === "group" || reset.target.how === "offsets") {
    const rows = reset.partitions.map(({ topic, partition, to }) => `${topic},${partition},${to}`);
    return ["cat > offsets.csv <<'CSV'", ...rows, "CSV", [...tool, "--reset-offsets", "--from-file", "offsets.csv", "--execute"].join(" ")].join("\n");
  }
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of reset.partitions) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  const topics = [...byTopic].map(([topic, partitions]) => `--topic ${quoted(`${topic}:${partitions.sort((a, b) => a - b).join(",")}`)}`);
  return [...tool, ...topics, "--reset-offsets", targetOption(reset.target), "--execute"].join(" ");
}

function targetOption(target: Exclude<ResetTarget, { how: "group" | "offsets" }>): string {
  switch (target.how) {
    case "earliest":
      return "--to-earliest";
    case "latest":
      return "--to-latest";
    case "timestamp":
      return `--to-datetime ${quoted(target.at)}`;
    case "offset":
      return `--to-offset ${target.offset}`;
    case "shift":
      return `--shift-by ${target.by}`;
  }
}

const SHOWN = 10;

/** Copies of the first dead letters with kcat. It says itself what kcat cannot do: take the failure's headers off, and send each once. */
export function redriveCommand(brokers: readonly string[], items: readonly { readonly sourceTopic: string; readonly sourcePartition: number; readonly sourceOffset: bigint; readonly targetTopic: string }[]): string {
  const broker = quoted(brokers.join(","));
  const lines = items.slice(0, SHOWN).map((item) =>
    `kcat -C -b ${broker} -t ${quoted(item.sourceTopic)} -p ${item.sourcePartition} -o ${item.sourceOffset} -c 1 -e -K '\\t' | kcat -P -b ${broker} -t ${quoted(item.targetTopic)} -K '\\t'`);
  const rest = items.length > SHOWN ? [`# … and ${items.length - SHOWN} more`] : [];
  return ["# kcat copies key and value only: headers, trace included, are lost, and a second run sends again.", ...lines, ...rest].join("\n");
}

/** The copy with kcat, which cannot say in it where it came from, and the offset with Kafka's own tool. */
export function skipCommand({ brokers, group, topic, partition, offset, to, deadLetterTopic }: { readonly brokers: readonly string[]; readonly group: string; readonly topic: string; readonly partition: number; readonly offset: bigint; readonly to: bigint; readonly deadLetterTopic: string }): string {
  const [copy] = redriveCommand(brokers, [{ sourceTopic: topic, sourcePartition: partition, sourceOffset: offset, targetTopic: deadLetterTopic }]).split("\n").slice(1);
  return ["# kcat copies key and value only; that it was skipped, by whom and why, the copy then does not say.", copy, offsetResetCommand({ brokers, group, partitions: [{ topic, partition, to }], target: { how: "offset", offset: to } })].join("\n");
}

/** Names come from brokers: whatever they hold, a shell must take them as one word. */
function quoted(text: string): string {
  return /^[\w.,:@%+=/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
