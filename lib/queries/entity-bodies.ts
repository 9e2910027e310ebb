import { isBrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import { decodeBody } from "#lib/decode/decode-body.ts";
import { compare } from "#lib/domain/text/compare.ts";
import { isObject, memberOf, type Json } from "#lib/domain/entity/json-value.ts";
import { readableKey } from "#lib/domain/text/text.ts";

/** What the broker holds of an event now: its body as JSON, no body at all, or why it is not known. */
export type Found =
  | { readonly kind: "body"; readonly value: Json }
  | { readonly kind: "tombstone" }
  | { readonly kind: "gap"; readonly reason: string };

interface At {
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
}

interface Wanted extends At {
  /** its index among the events asked for */
  readonly index: number;
}

const READS_AT_ONCE = 3;
const READ_TIMEOUT_MS = 3000;
/** A larger body is no part of a state that people read. */
const MOST_BODY_BYTES = 262_144;
/** A broker hands out batches, not records: what lies so near comes with the first anyway. */
const NEAR_OFFSETS = 64n;
const STRETCH_BYTES = 1_048_576;

const gap = (reason: string): Found => ({ kind: "gap", reason });
const GONE = gap("its body is no longer in the topic");

/** The bodies of the events, in their order, as many as can be read in time. */
export async function readBodies(
  reader: Reader,
  key: string,
  events: readonly At[],
  budgetMs: number,
): Promise<Found[]> {
  const deadline = performance.now() + budgetMs;
  const found: Found[] = events.map(() => gap("its body could not be read in time"));
  const stretches = stretchesOf(events);
  const lane = async (): Promise<void> => {
    for (let stretch = stretches.shift(); stretch !== undefined; stretch = stretches.shift()) {
      for (let rest: readonly Wanted[] = stretch; rest.length > 0 && performance.now() < deadline; )
        rest = await readSome(reader, key, rest, found);
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, lane));
  return found;
}

/**
 * Events of one partition that lie near each other, in the order of their offsets. The stretches of the first
 * events come first.
 */
function stretchesOf(events: readonly At[]): Wanted[][] {
  const partitions = Map.groupBy(
    events.map(
      (event, index): Wanted => ({ topic: event.topic, partition: event.partition, position: event.position, index }),
    ),
    ({ topic, partition }) => `${partition} ${topic}`,
  );
  const stretches: Wanted[][] = [];
  for (const wanted of partitions.values()) {
    let stretch: Wanted[] = [];
    for (const event of wanted.toSorted((a, b) => compare(a.position, b.position))) {
      const last = stretch.at(-1);
      if (last === undefined || event.position - last.position > NEAR_OFFSETS) stretches.push((stretch = []));
      stretch.push(event);
    }
  }
  return stretches.sort((a, b) => (a[0]?.index ?? 0) - (b[0]?.index ?? 0));
}

/** Reads from the first event of a stretch on, enters what was found, and returns the events that were not reached. */
async function readSome(
  reader: Reader,
  key: string,
  wanted: readonly Wanted[],
  found: Found[],
): Promise<readonly Wanted[]> {
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const rest = wanted.slice(1);
  try {
    const limits = {
      maxRecords: Number(last.position - first.position) + 1,
      maxBytes: rest.length === 0 ? MOST_BODY_BYTES : STRETCH_BYTES,
      timeoutMs: READ_TIMEOUT_MS,
    };
    const { records, nextOffset } = await reader.read(first, first.position, limits);
    const recordAt = new Map(records.map((record) => [record.offset, record]));
    // The first event counts as read even if nothing came back, or it would be read again without end.
    const [asked, left] = [
      wanted.filter((one) => one === first || one.position < nextOffset),
      rest.filter((one) => one.position >= nextOffset),
    ];
    for (const { index, position } of asked) found[index] = foundIn(recordAt.get(position), key);
    return left;
  } catch (error) {
    if (!isBrokerFault(error)) throw error;
    found[first.index] = isBrokerFault(error, "offset_out_of_range")
      ? GONE
      : gap(`its body could not be read: ${error.message.slice(0, 200)}`);
    return rest;
  }
}

/** A record with another key at the offset means that the topic was deleted and created again. */
function foundIn(record: LogRecord | undefined, key: string): Found {
  if (record === undefined || readableKey(record.key) !== key) return GONE;
  if (record.value === null) return { kind: "tombstone" };
  if (record.value.length > MOST_BODY_BYTES) return gap(`its body is larger than ${MOST_BODY_BYTES / 1024} KiB`);
  return contentOf(record.value);
}

/** Of a CloudEvent only the data describes the entity; the envelope (id, time) differs in every event. */
function contentOf(raw: Uint8Array): Found {
  const { encoding, value, refusals } = decodeBody(raw);
  if (encoding === "cloudevents" && isObject(value)) {
    const data = memberOf(value, "data");
    return data === undefined ? gap("its CloudEvents envelope has no JSON data") : { kind: "body", value: data };
  }
  if (encoding === "json" || encoding === "confluent") return { kind: "body", value };
  const schemaMissing = refusals.find(({ code }) => code === "schema_missing");
  return gap(`its body is not JSON: ${schemaMissing?.reason ?? encoding}`);
}
