import { partitionKey } from "#lib/brokers/partition-key.ts";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { SkipPlanInput } from "#lib/contracts/replay-input.ts";
import type { SkipPreview } from "#lib/contracts/replay-preview.ts";
import { handsOutSingly } from "#lib/domain/health/group.ts";
import { skipCommand } from "#lib/domain/replay/skip-command.ts";
import { skipPast, type WhyNotSkipped } from "#lib/domain/replay/skip.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { readKnownDeadLetterTopic } from "#lib/store/replays/skip.ts";
import { brokerRefusal, invalid, noCluster, type CommandDeps } from "./deps.ts";
import { readGroupCommits } from "./partition-progress.ts";

const MEMBERS_SHOWN = 100;
const KEY_BYTES_SHOWN = 200;
const READ = { maxRecords: 1, maxBytes: 1, timeoutMs: 10_000 };

/** What moving the group past this one event would do, and where its copy would go. */
export async function previewSkip(deps: CommandDeps, input: SkipPlanInput): Promise<Result<SkipPreview, AppError>> {
  const [inspector, reader] = [deps.inspectorOf(input.cluster), deps.readerOf(input.cluster)];
  if (inspector === null || reader === null) return err(noCluster(input.cluster));
  const known = await readKnownDeadLetterTopic(deps.prisma, input);
  try {
    return await preview(deps, { inspector, reader }, input, known);
  } catch (error) {
    return err(brokerRefusal(error));
  }
}

async function preview(
  deps: CommandDeps,
  { inspector, reader }: { readonly inspector: LogInspector; readonly reader: Reader },
  input: SkipPlanInput,
  known: string | null,
): Promise<Result<SkipPreview, AppError>> {
  const { cluster, group, topic, partition } = input;
  const offset = BigInt(input.offset);
  const topics = new Map((await inspector.destinations()).map((one) => [one.name, one.partitions]));
  if (topics.get(topic)?.some((one) => one.partition === partition) !== true)
    return err(invalid("partition", `There is no ${topic}[${partition}] on ${cluster}.`));
  const { info, committed } = await readGroupCommits(inspector, group);
  if (info !== null && handsOutSingly(info.protocol))
    return err(
      invalid(
        "group",
        `The broker hands the events of ${group} out one by one: it has no offset that could be moved past one.`,
      ),
    );
  const stands = committed.get(partitionKey(input))?.offset ?? null;
  const event = stands === null ? null : await nextEvent(reader, input, stands > offset ? offset : stands);
  if (typeof event === "string") return err({ code: "conflict", message: event });
  const to = skipPast({ committedOffset: stands, nextEventOffset: event?.offset ?? null }, offset);
  if (!to.ok) return err({ code: "conflict", message: explain(to.error, input, stands, event) });
  if (event === null || event.unreadable !== undefined) {
    const unreadable = `cannot be read (${event?.unreadable ?? "it is gone"}), so no copy can be kept`;
    const whatToDo = `A reset to offset ${to.value} passes it without one.`;
    return err({
      code: "conflict",
      message: `The event at offset ${offset} of ${topic}[${partition}] ${unreadable}. ${whatToDo}`,
    });
  }
  const keepIn = input.deadLetterTopic ?? known ?? `${topic}.flowtap-dlt`;
  if (keepIn === topic)
    return err(
      invalid("deadLetterTopic", "The copy must go to another topic, or the group would get the event again."),
    );
  if (!topics.has(keepIn)) {
    const servers = deps.brokersOf(cluster).join(",");
    const command = `kafka-topics.sh --bootstrap-server ${servers} --create --topic ${keepIn} --partitions 1`;
    const whatToDo = `Choose another, or create it: ${command}`;
    return err(invalid("deadLetterTopic", `There is no topic ${keepIn} to keep the copy in. ${whatToDo}`));
  }
  const [log] = await inspector.logOffsets([{ topic, partition }]);
  return ok({
    kind: "skip",
    cluster,
    group,
    members: (info?.members ?? []).slice(0, MEMBERS_SHOWN).map(({ clientId, host }) => ({ clientId, host })),
    emptySince: null,
    topic,
    partition,
    offset: String(offset),
    from: String(stands),
    to: String(to.value),
    waitingBehind: String(log === undefined || log.endOffset < to.value ? 0n : log.endOffset - to.value),
    key: event.key === null ? null : new TextDecoder().decode(event.key.subarray(0, KEY_BYTES_SHOWN)),
    sizeBytes: (event.key?.length ?? 0) + (event.value?.length ?? 0),
    deadLetterTopic: keepIn,
    cli: skipCommand({
      brokers: deps.brokersOf(cluster),
      group,
      topic,
      partition,
      offset,
      to: to.value,
      deadLetterTopic: keepIn,
    }),
  });
}

/** The first event at an offset or after it; null: there is none; a sentence: why the log could not be read there. */
async function nextEvent(
  reader: Reader,
  { topic, partition }: SkipPlanInput,
  from: bigint,
): Promise<LogRecord | null | string> {
  try {
    return (await reader.read({ topic, partition }, from, READ)).records[0] ?? null;
  } catch (error) {
    if (!isBrokerFault(error, "offset_out_of_range")) throw error;
    const outOfRange = `Where the group stands is not in the log any more: ${error.message}`;
    return `${outOfRange}. Reset it to the earliest offset instead.`;
  }
}

function explain(
  why: WhyNotSkipped,
  { group, topic, partition, offset }: SkipPlanInput,
  stands: bigint | null,
  event: LogRecord | null,
): string {
  const partitionName = `${topic}[${partition}]`;
  switch (why) {
    case "never_committed": {
      const neverCommitted = `${group} has never committed on ${partitionName}`;
      return `${neverCommitted}, so it is not known where it would go on. Reset it to where it is to begin.`;
    }
    case "past_it":
      return `${group} is past offset ${offset} of ${partitionName} already: it stands at ${stands}.`;
    case "not_its_next": {
      const notNext = `Offset ${offset} of ${partitionName} is not the next event for ${group}`;
      const first = `it stands at ${stands}, and the event at ${event?.offset} comes first`;
      const whatToDo = "Skipping further would skip that too; reset the offset if that is meant.";
      return `${notNext}: ${first}. ${whatToDo}`;
    }
    case "no_such_event": {
      const next = event === null ? "" : `; the next for ${group} is at ${event.offset}`;
      return `${partitionName} has no event at offset ${offset}${next}.`;
    }
  }
}
