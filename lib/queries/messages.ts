import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { MessageView } from "#lib/contracts/events.ts";
import type { MessagesQuery, MessagesView } from "#lib/contracts/topics.ts";
import { err, ok } from "#lib/domain/result.ts";
import { whyMissing } from "#lib/domain/message/why-missing.ts";
import { readKnownLog, readTopicEnds } from "#lib/store/destinations/offsets-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { busiest, startsOf } from "./message-starts.ts";
import { type Stretch, newestOf, firstOf } from "./message-stretches.ts";
import { messageView, readFault } from "./message-view.ts";

/** A list shows the beginning of each body; the whole of it is one message away. */
const LIST_TEXT_CHARS = 8192;
const WHOLE_TEXT_CHARS = 262_144;
const READ_TIMEOUT_MS = 5000;
const MOST_BYTES = 8 * 1024 * 1024;
const READS_AT_ONCE = 3;
const MOST_READS = 4;

/**
 * Messages of a topic, newest last: the newest there are, or those from an offset or a time on. `searched` tells which
 * stretches are shown without a gap.
 */
export async function listMessages(
  deps: QueryDeps,
  { cluster, topic, query }: { cluster: string; topic: string; query: MessagesQuery },
): Answer<MessagesView> {
  const reader = deps.readerOf(cluster);
  const ends = reader === null ? [] : await readTopicEnds(deps.prisma, cluster, topic);
  if (reader === null || ends.length === 0) return err(notFound(`The topic ${topic} of ${cluster}`));
  const wanted =
    query.partition === undefined ? busiest(ends) : ends.filter((end) => end.partition === query.partition);
  if (wanted.length === 0) return err(notFound(`Partition ${query.partition ?? 0} of ${topic}`));
  if (query.offset !== undefined && query.partition === undefined) {
    return err({
      code: "invalid_input",
      message: "An offset needs a partition.",
      fields: [{ path: "partition", message: "is needed with an offset" }],
    });
  }
  const starts = await startsOf(deps, wanted, query);
  const fromNewest = query.offset === undefined && query.at === undefined;
  try {
    const maxBytes = Math.floor(MOST_BYTES / starts.length);
    const stretches = await alternately(starts, (start) =>
      readStretch(
        deps,
        reader,
        { cluster, topic, partition: start.partition },
        start.from,
        fromNewest ? start.end : null,
        query.limit,
        maxBytes,
      ),
    );
    return ok(fromNewest ? newestOf(stretches, query.limit) : firstOf(stretches, query.limit));
  } catch (error) {
    return err(readFault(cluster, error));
  }
}

export async function getMessage(
  deps: QueryDeps,
  { cluster, topic, partition, offset }: { cluster: string; topic: string; partition: number; offset: bigint },
): Answer<MessageView> {
  const reader = deps.readerOf(cluster);
  if (reader === null) return err(notFound(`The cluster ${cluster}`));
  try {
    const { records } = await reader.read({ topic, partition }, offset, {
      maxRecords: 1,
      maxBytes: MOST_BYTES,
      timeoutMs: READ_TIMEOUT_MS,
    });
    const record = records[0];
    if (record?.offset !== offset) {
      const why = whyMissing(offset, await readKnownLog(deps.prisma, { cluster, topic, partition }));
      return err({
        code: "not_found",
        message: `There is no message at ${topic}[${partition}] offset ${offset}: ${why}.`,
      });
    }
    return ok(messageView(cluster, { topic, partition }, record, deps.rules, WHOLE_TEXT_CHARS));
  } catch (error) {
    return err(readFault(cluster, error));
  }
}

/**
 * Reads one stretch. With an end it reads on up to that end, because the newest messages are wanted: if large messages
 * fill a read, the older part is dropped.
 */
async function readStretch(
  deps: QueryDeps,
  reader: Reader,
  at: { cluster: string; topic: string; partition: number },
  start: bigint,
  end: bigint | null,
  limit: number,
  maxBytes: number,
): Promise<Stretch> {
  let from = start;
  for (let read = 1; ; read++) {
    const { records, nextOffset } = await reader.read(at, from, {
      maxRecords: limit,
      maxBytes,
      timeoutMs: READ_TIMEOUT_MS,
    });
    const goesOn = end !== null && nextOffset < end && nextOffset > from && read < MOST_READS;
    if (!goesOn)
      return {
        partition: at.partition,
        from,
        to: nextOffset,
        items: records.map((record) => messageView(at.cluster, at, record, deps.rules, LIST_TEXT_CHARS)),
      };
    from = nextOffset;
  }
}

async function alternately<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += READS_AT_ONCE)
    results.push(...(await Promise.all(items.slice(i, i + READS_AT_ONCE).map(work))));
  return results;
}
