/**
 * Finds out when waiting events were written: from the index, and from the log where the index does not know. The
 * number of reads in a cycle is bounded.
 */
import type pg from "pg";
import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { CommittedPosition } from "#lib/store/events/committed-positions.ts";
import { readEmptyStretches } from "#lib/store/events/empty-stretches-read.ts";
import { readHeadEvents, readHeads, type EventSample, type HeadSample } from "#lib/store/events/heads-read.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { CLOSE_MS, type HeadTime } from "./head-time.ts";

const RECENT_HOURS = 1;
/**
 * Older events lie in other partitions of the index. They are looked up a few at a time, and what is found is
 * remembered.
 */
const OLD_PER_CYCLE = 100;
const EVENTS_PER_CYCLE = 100;
const READS_PER_CYCLE = 12;
const READ_LIMITS = { maxRecords: 1, maxBytes: 65_536, timeoutMs: 1000 } as const;

export interface WantedHead extends CommittedPosition {
  readonly topic: string;
  /** the offset up to which events may be read */
  readonly upTo: bigint;
  /** the index is not enough: the event may have been compacted away since */
  readonly fromLog: boolean;
  /** it began to wait only now: the index may not have it yet */
  readonly isFresh: boolean;
}

export interface FoundHeads {
  readonly heads: readonly (CommittedPosition & { readonly head: HeadTime })[];
  /** positions behind which there is no event up to `upTo` */
  readonly empty: readonly (CommittedPosition & { readonly upTo: bigint })[];
}

export interface HeadFinderDeps {
  readonly client: pg.Client;
  readonly reader: Reader;
  /** how long the index keeps events */
  readonly eventsHours: number;
  readonly log: Logger;
}

export class HeadFinder {
  readonly #client: pg.Client;
  readonly #reader: Reader;
  readonly #eventsHours: number;
  readonly #log: Logger;
  #fault: string | null = null;

  constructor({ client, reader, eventsHours, log }: HeadFinderDeps) {
    this.#client = client;
    this.#reader = reader;
    this.#eventsHours = eventsHours;
    this.#log = log;
  }

  async find(wanted: readonly WantedHead[], nowMs: number): Promise<FoundHeads> {
    const [fromLog, fromIndex] = [wanted.filter((at) => at.fromLog), wanted.filter((at) => !at.fromLog)];
    const found = await readHeads(this.#client, fromIndex, RECENT_HOURS);
    // Only the flush that holds the position itself is certain to be the first one behind it: a flush that begins later
    // may only be the first of the last hour.
    const known = new Set(found.filter((head) => head.firstPosition <= head.committedOffset).map(keyOf));
    const old = fromIndex.filter((at) => !at.isFresh && !known.has(keyOf(at))).slice(0, OLD_PER_CYCLE);
    const oldFound = await readHeads(this.#client, old, this.#eventsHours);
    const oldWanted = new Set(old.map(keyOf));
    const samples = [...found.filter((head) => !oldWanted.has(keyOf(head))), ...oldFound];
    const wide = samples.filter(isWide).slice(0, EVENTS_PER_CYCLE);
    const exact = new Map((await readHeadEvents(this.#client, wide)).map((event) => [keyOf(event), event]));
    const heads = samples.map((sample) => ({ ...sample, head: headOf(sample, exact.get(keyOf(sample))) }));

    const oldKnown = new Set(oldFound.map(keyOf));
    const unknown = old.filter((at) => !oldKnown.has(keyOf(at)));
    const none = new Set((await readEmptyStretches(this.#client, unknown, this.#eventsHours)).map(keyOf));
    const empty = unknown.filter((at) => none.has(keyOf(at)));
    const toRead = [...unknown.filter((at) => !none.has(keyOf(at))), ...fromLog].slice(0, READS_PER_CYCLE);
    const read = await Promise.all(toRead.map((at) => this.#readLog(at, nowMs)));
    return {
      heads: [...heads, ...read.flatMap((one) => (one !== null && "head" in one ? [one] : []))],
      empty: [...empty, ...read.flatMap((one) => (one !== null && !("head" in one) ? [one] : []))],
    };
  }

  /** The first record at or behind the position, or the offset up to which there is none. Null: not known. */
  async #readLog(
    at: WantedHead,
    nowMs: number,
  ): Promise<FoundHeads["heads"][number] | FoundHeads["empty"][number] | null> {
    const { destinationId, partition, committedOffset } = at;
    try {
      const { records, nextOffset } = await this.#reader.read(
        { topic: at.topic, partition },
        committedOffset,
        READ_LIMITS,
      );
      this.#fault = null;
      const [record] = records;
      if (record !== undefined) {
        const samples = [{ offset: record.offset, atMs: record.timestampMs }];
        return { destinationId, partition, committedOffset, head: { committedOffset, samples, readAtMs: nowMs } };
      }
      return nextOffset >= at.upTo ? { destinationId, partition, committedOffset, upTo: nextOffset } : null;
    } catch (error) {
      // Retention has deleted the record in the meantime; the next cycle knows where the log begins now.
      if (isBrokerFault(error, "offset_out_of_range")) return null;
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#fault !== reason)
        this.#log.warn(
          { err: error, topic: at.topic },
          "waiting events could not be read; only a lower bound of their age is known",
        );
      this.#fault = reason;
      return null;
    }
  }
}

const keyOf = ({ destinationId, partition, committedOffset }: CommittedPosition): string =>
  `${destinationId}/${partition}/${committedOffset}`;

/** Whether the flush spans too long a time to guess when the event in it was written. */
const isWide = (head: HeadSample): boolean =>
  head.firstPosition < head.committedOffset && Math.abs(head.lastAtMs - head.firstAtMs) > CLOSE_MS;

function headOf(sample: HeadSample, event: Pick<EventSample, "position" | "atMs"> | undefined): HeadTime {
  const { committedOffset } = sample;
  if (event !== undefined)
    return { committedOffset, samples: [{ offset: event.position, atMs: event.atMs }], readAtMs: null };
  const first = { offset: sample.firstPosition, atMs: sample.firstAtMs };
  const last = { offset: sample.lastPosition, atMs: sample.lastAtMs };
  return { committedOffset, samples: last.offset > first.offset ? [first, last] : [first], readAtMs: null };
}
