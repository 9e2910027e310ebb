import type { ResetTarget } from "./offset-reset.ts";

interface ResetToShow {
  readonly brokers: readonly string[];
  readonly group: string;
  readonly partitions: readonly { readonly topic: string; readonly partition: number; readonly to: bigint }[];
  readonly target: ResetTarget;
}

/** The same reset with the tool that comes with Kafka, ready to paste into a POSIX shell. */
export function offsetResetCommand(reset: ResetToShow): string {
  const tool = [
    "kafka-consumer-groups.sh",
    "--bootstrap-server",
    quoted(reset.brokers.join(",")),
    "--group",
    quoted(reset.group),
  ];
  if (reset.target.how === "group" || reset.target.how === "offsets") {
    const rows = reset.partitions.map(({ topic, partition, to }) => `${topic},${partition},${to}`);
    return [
      "cat > offsets.csv <<'CSV'",
      ...rows,
      "CSV",
      [...tool, "--reset-offsets", "--from-file", "offsets.csv", "--execute"].join(" "),
    ].join("\n");
  }
  const byTopic = new Map<string, number[]>();
  for (const { topic, partition } of reset.partitions) byTopic.set(topic, [...(byTopic.get(topic) ?? []), partition]);
  const topics = [...byTopic].map(
    ([topic, partitions]) => `--topic ${quoted(`${topic}:${partitions.sort((a, b) => a - b).join(",")}`)}`,
  );
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

interface RecordToShow {
  readonly sourceTopic: string;
  readonly sourcePartition: number;
  readonly sourceOffset: bigint;
  readonly targetTopic: string;
  /** null: by key */
  readonly targetPartition: number | null;
}

/**
 * kcat commands that copy the first records; records that follow one another share one command. A comment in the output
 * says what kcat cannot do: keep the headers, or send each record only once. Keys are partitioned as Java clients do
 * it, for which kcat needs an option. `notes`: further comments for the output.
 */
export function redriveCommand(
  brokers: readonly string[],
  items: readonly RecordToShow[],
  notes: readonly string[] = [],
): string {
  const broker = quoted(brokers.join(","));
  const stretches = stretchesOf(items);
  const lines = stretches.slice(0, SHOWN).map(({ first, records }) => {
    const from = `-t ${quoted(first.sourceTopic)} -p ${first.sourcePartition} -o ${first.sourceOffset} -c ${records}`;
    const partition =
      first.targetPartition === null ? "-X topic.partitioner=murmur2_random" : `-p ${first.targetPartition}`;
    const read = `kcat -C -b ${broker} ${from} -e -K '\\t'`;
    const write = `kcat -P -b ${broker} -t ${quoted(first.targetTopic)} ${partition} -K '\\t'`;
    return `${read} | ${write}`;
  });
  const more = stretches.slice(SHOWN).reduce((sum, { records }) => sum + records, 0);
  return [
    "# kcat copies key and value only: headers, trace included, are lost, and a second run sends again.",
    ...notes.slice(0, SHOWN).map(comment),
    ...lines,
    ...(more > 0 ? [`# … and ${more} more`] : []),
  ].join("\n");
}

/** Runs of records that follow one another both in their source partition and in the order of sending. */
function stretchesOf(items: readonly RecordToShow[]): { readonly first: RecordToShow; readonly records: number }[] {
  const stretches: { first: RecordToShow; records: number }[] = [];
  for (const item of items) {
    const last = stretches.at(-1);
    const goesOn =
      last !== undefined &&
      last.first.sourceTopic === item.sourceTopic &&
      last.first.sourcePartition === item.sourcePartition &&
      last.first.sourceOffset + BigInt(last.records) === item.sourceOffset &&
      last.first.targetTopic === item.targetTopic &&
      last.first.targetPartition === item.targetPartition;
    if (goesOn) last.records += 1;
    else stretches.push({ first: item, records: 1 });
  }
  return stretches;
}

/** Notes hold names that come from brokers: none of it must leave the line. */
const comment = (note: string): string => `# ${note.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")}.`;

/** Names come from brokers: whatever they hold, a shell must take them as one word. */
function quoted(text: string): string {
  return /^[\w.,:@%+=/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
