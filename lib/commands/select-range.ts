/** Selects a range of a topic by reading it from the broker: only what its log still holds is chosen. */
import { BrokerFault, isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import { readableKey } from "#lib/domain/text/text.ts";
import { storableTimeMs } from "#lib/domain/message/times.ts";
import { sizeOf } from "#lib/domain/observe/size.ts";
import { readReplayMark } from "#lib/domain/replay/replay-headers.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { readDeadLettersToReplay } from "#lib/store/replays/dead-letters-to-replay.ts";
import {
  asPublished,
  readOpenFailuresOf,
  readTopicToReplay,
  type PublishedAt,
} from "#lib/store/replays/published-events.ts";
import { brokerRefusal, invalid, noCluster, type CommandDeps } from "./deps.ts";
import type { SelectedEvents } from "./selected-events.ts";
import { type RangeSelection, boundsOf, type Bounds } from "./range-bounds.ts";

const LIMITS = { maxRecords: 2000, maxBytes: 4 * 1024 * 1024, timeoutMs: 10_000 };
const LONGEST_MS = 30_000;

export async function selectRange(
  deps: CommandDeps,
  select: RangeSelection,
  limit: number,
): Promise<Result<SelectedEvents, AppError>> {
  const { cluster, topic } = select;
  const [inspector, reader] = [deps.inspectorOf(cluster), deps.readerOf(cluster)];
  if (inspector === null || reader === null) return err(noCluster(cluster));
  const known = await readTopicToReplay(deps.prisma, cluster, topic);
  if (known === null)
    return err({ code: "not_found", message: `There is no topic ${topic} on ${cluster}, as far as Flowtap has seen.` });
  if (known.role === "internal")
    return err(invalid("select", `${topic} is internal: what lies there is no event to be sent again.`));
  try {
    const bounds = await boundsOf(inspector, select);
    if (!bounds.ok) return bounds;
    if (known.role === "dead_letter")
      return ok({
        events: await readDeadLettersToReplay(
          deps.prisma,
          { by: "range", destinationId: known.id, ranges: bounds.value },
          limit,
        ),
        expired: 0,
        offsetsNotRead: 0,
      });
    const found = await readRange(reader, select, bounds.value, limit);
    if (found === null)
      return err(invalid("select", "Reading this stretch takes too long. Choose a shorter one, or fewer partitions."));
    const failures = await readOpenFailuresOf(deps.prisma, known.id, found.records);
    return ok({
      events: found.records.map((at) => asPublished(at, failures.get(`${at.partition}/${at.offset}`) ?? null)),
      expired: bounds.value.reduce((sum, one) => sum + one.expired, 0),
      offsetsNotRead: found.offsetsNotRead,
    });
  } catch (error) {
    return err(brokerRefusal(error));
  }
}

/** Null: it takes too long. */
async function readRange(
  reader: Reader,
  { cluster, topic }: RangeSelection,
  bounds: readonly Bounds[],
  limit: number,
): Promise<{ readonly records: readonly PublishedAt[]; readonly offsetsNotRead: number } | null> {
  const records: PublishedAt[] = [];
  const deadline = Date.now() + LONGEST_MS;
  let offsetsNotRead = 0n;
  for (const { partition, from, to } of bounds) {
    let next = from;
    while (next < to && records.length < limit) {
      if (Date.now() > deadline) return null;
      const stretch = await readOn(reader, { topic, partition }, next);
      if (stretch.nextOffset <= next)
        throw new BrokerFault(
          { kind: "held_by_transaction" },
          `${topic}[${partition}] cannot be read at offset ${next} yet: a transaction before it is still open`,
        );
      for (const record of stretch.records) {
        if (record.offset >= to || records.length >= limit) break;
        records.push({
          cluster,
          topic,
          partition,
          offset: record.offset,
          atMs: storableTimeMs(record.timestampMs),
          sizeBytes: sizeOf(record),
          key: readableKey(record.key),
          logStart: null,
          isCopyOfReplay: readReplayMark(record.headers) !== null,
        });
        next = record.offset + 1n;
      }
      if (records.length < limit) next = stretch.nextOffset;
    }
    if (next < to) offsetsNotRead += to - next;
  }
  return { records, offsetsNotRead: Number(offsetsNotRead) };
}

/** Reads from an offset that retention may have deleted since the range was determined. */
async function readOn(
  reader: Reader,
  at: { readonly topic: string; readonly partition: number },
  from: bigint,
): ReturnType<Reader["read"]> {
  try {
    return await reader.read(at, from, LIMITS);
  } catch (error) {
    if (isBrokerFault(error, "offset_out_of_range"))
      throw new BrokerFault(
        error.detail,
        `Retention has taken offset ${from} of ${at.topic}[${at.partition}] meanwhile. Plan it again.`,
        { cause: error },
      );
    throw error;
  }
}
