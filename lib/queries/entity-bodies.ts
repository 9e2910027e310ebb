import { OffsetOutOfRangeError, type Reader } from "#lib/brokers/ports.ts";
import { decodeBody } from "#lib/decode/decode-body.ts";
import { isObject, memberOf, type Json } from "#lib/domain/entity/json-value.ts";
import { readableKey } from "#lib/domain/message/text.ts";

/** What the broker holds of an event now: its body as JSON, no body at all, or why it is not known. */
export type Found = { readonly kind: "body"; readonly value: Json } | { readonly kind: "tombstone" } | { readonly kind: "gap"; readonly reason: string };

interface At {
  readonly topic: string;
  readonly partition: number;
  readonly position: bigint;
}

const READS_AT_ONCE = 3;
const READ_TIMEOUT_MS = 3000;
/** A larger body is no part of a state that people read. */
const MOST_BODY_BYTES = 262_144;

const gap = (reason: string): Found => ({ kind: "gap", reason });

/** The bodies of the events, in their order, as many as can be read in time. */
export async function readBodies(reader: Reader, key: string, events: readonly At[], budgetMs: number): Promise<Found[]> {
  const deadline = performance.now() + budgetMs;
  const found: Found[] = events.map(() => gap("its body could not be read in time"));
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < events.length && performance.now() < deadline) {
      const i = next++;
      const at = events[i];
      if (at !== undefined) found[i] = await readBody(reader, key, at);
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, lane));
  return found;
}

async function readBody(reader: Reader, key: string, { topic, partition, position }: At): Promise<Found> {
  try {
    const { records } = await reader.read({ topic, partition }, position, { maxRecords: 1, maxBytes: MOST_BODY_BYTES, timeoutMs: READ_TIMEOUT_MS });
    const [record] = records;
    // Another key at its offset: the topic was deleted and made again.
    if (record?.offset !== position || readableKey(record.key) !== key) return gap("its body is no longer in the topic");
    if (record.value === null) return { kind: "tombstone" };
    if (record.value.length > MOST_BODY_BYTES) return gap(`its body is larger than ${MOST_BODY_BYTES / 1024} KiB`);
    return contentOf(record.value);
  } catch (error) {
    if (error instanceof OffsetOutOfRangeError) return gap("its body is no longer in the topic");
    return gap(`its body could not be read: ${error instanceof Error ? error.message.slice(0, 200) : "the broker gave no reason"}`);
  }
}

/** Of a CloudEvent only its data tells of the entity; the envelope is another one each time. */
function contentOf(raw: Uint8Array): Found {
  const { encoding, value, refusals } = decodeBody(raw);
  if (encoding === "cloudevents" && isObject(value)) {
    const data = memberOf(value, "data");
    return data === undefined ? gap("its CloudEvents envelope has no JSON data") : { kind: "body", value: data };
  }
  if (encoding === "json" || encoding === "confluent") return { kind: "body", value };
  return gap(`its body is not JSON: ${refusals.find((refusal) => refusal.decoder === "confluent" && refusal.reason.includes("schema id") && !refusal.reason.startsWith("no "))?.reason ?? encoding}`);
}
