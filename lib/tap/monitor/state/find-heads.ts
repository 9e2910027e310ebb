/**
 * Finds out when waiting events were written: from the index, and from the log where the index does not know. A bounded
 * number of looks a turn.
 */
import type pg from "pg";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import {
  readEmptyStretches,
  readHeadEvents,
  readHeads,
  type HeadSample,
  type CommittedPosition,
} from "#lib/store/events/heads-read.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { CLOSE_MS, type HeadTime } from "./head-time.ts";

const LATELY_HOURS = 1;
/**
 * Events so old that they lie in other partitions of the index are looked up a few at a time; what is
 * found is remembered.
 */
const OLD_PER_TURN = 100;
const EVENTS_PER_TURN = 100;
const READS_PER_TURN = 12;
const READ_LIMITS = { maxRecords: 1, maxBytes: 65_536, timeoutMs: 1000 } as const;

export interface WantedHead extends CommittedPosition {
  readonly topic: string;
  /** where what may be read ends */
  readonly upTo: bigint;
  /** what the index says is not enough: events may have been compacted away since */
  readonly fromLog: boolean;
  /** it has only begun to wait: the index may not have it yet */
  readonly isFresh: boolean;
}

export interface FoundHeads {
  readonly heads: readonly (CommittedPosition & { readonly head: HeadTime })[];
  /** places behind which nothing lies that could be read */
  readonly empty: readonly (CommittedPosition & { readonly upTo: bigint })[];
}

export interface HeadFinder {
  find(wanted: readonly WantedHead[], nowMs: number): Promise<FoundHeads>;
}

const keyOf = (place: CommittedPosition): string =>
  `${place.destinationId}/${place.partition}/${place.committedOffset}`;

export function openHeadFinder({
  client,
  reader,
  eventsHours,
  log,
}: {
  client: pg.Client;
  reader: Reader;
  eventsHours: number;
  log: Logger;
}): HeadFinder {
  let fault: string | null = null;

  const readLog = async (wanted: readonly WantedHead[], nowMs: number): Promise<FoundHeads> => {
    const heads: FoundHeads["heads"][number][] = [];
    const empty: FoundHeads["empty"][number][] = [];
    await Promise.all(
      wanted.map(async (at) => {
        try {
          const { records, nextOffset } = await reader.read(
            { topic: at.topic, partition: at.partition },
            at.committedOffset,
            READ_LIMITS,
          );
          const [record] = records;
          if (record !== undefined)
            heads.push({
              ...at,
              head: {
                committedOffset: at.committedOffset,
                samples: [{ offset: record.offset, atMs: record.timestampMs }],
                readAtMs: nowMs,
              },
            });
          else if (nextOffset >= at.upTo) empty.push({ ...at, upTo: nextOffset });
          fault = null;
        } catch (error) {
          // Retention was faster; the next turn knows where the log begins now.
          if (isBrokerFault(error, "offset_out_of_range")) return;
          const reason = error instanceof Error ? error.message : String(error);
          if (fault !== reason)
            log.warn(
              { err: error, topic: at.topic },
              "events that wait could not be looked at; their age is only known as a lower bound",
            );
          fault = reason;
        }
      }),
    );
    return { heads, empty };
  };

  return {
    find: async (wanted, nowMs) => {
      const [fromLog, fromIndex] = [wanted.filter((at) => at.fromLog), wanted.filter((at) => !at.fromLog)];
      const found = await readHeads(client, fromIndex, LATELY_HOURS);
      // The flush that holds the place itself is the first one that matters: a later one may only be the first
      // of the last hour.
      const known = new Set(found.filter((head) => head.firstPosition <= head.committedOffset).map(keyOf));
      const old = fromIndex.filter((at) => !at.isFresh && !known.has(keyOf(at))).slice(0, OLD_PER_TURN);
      const oldFound = await readHeads(client, old, eventsHours);
      const asked = new Set(old.map(keyOf));
      const samples = [...found.filter((head) => !asked.has(keyOf(head))), ...oldFound];
      const wide = samples
        .filter(
          (head) => head.firstPosition < head.committedOffset && Math.abs(head.lastAtMs - head.firstAtMs) > CLOSE_MS,
        )
        .slice(0, EVENTS_PER_TURN);
      const exact = new Map((await readHeadEvents(client, wide)).map((event) => [keyOf(event), event]));
      const heads = samples.map((sample) => ({ ...sample, head: headOf(sample, exact.get(keyOf(sample))) }));

      const oldKnown = new Set(oldFound.map(keyOf));
      const unknown = old.filter((at) => !oldKnown.has(keyOf(at)));
      const none = new Set((await readEmptyStretches(client, unknown, eventsHours)).map(keyOf));
      const empty = unknown.filter((at) => none.has(keyOf(at)));
      const read = await readLog(
        [...unknown.filter((at) => !none.has(keyOf(at))), ...fromLog].slice(0, READS_PER_TURN),
        nowMs,
      );
      return { heads: [...heads, ...read.heads], empty: [...empty, ...read.empty] };
    },
  };
}

function headOf(sample: HeadSample, event: { readonly position: bigint; readonly atMs: number } | undefined): HeadTime {
  const { committedOffset } = sample;
  if (event !== undefined)
    return { committedOffset, samples: [{ offset: event.position, atMs: event.atMs }], readAtMs: null };
  const first = { offset: sample.firstPosition, atMs: sample.firstAtMs };
  return {
    committedOffset,
    samples:
      sample.lastPosition > sample.firstPosition
        ? [first, { offset: sample.lastPosition, atMs: sample.lastAtMs }]
        : [first],
    readAtMs: null,
  };
}
