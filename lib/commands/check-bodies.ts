/**
 * Reads what is to be sent before it is: what is gone, what its target would refuse, what is no JSON though it begins
 * like it, what does not match its schema.
 */
import { setImmediate as untilNextTick } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import { openSource } from "#lib/brokers/record-source.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import type { Reader } from "#lib/brokers/ports/reader.ts";
import type { BodySchemas } from "#lib/decode/body-schemas.ts";
import { isBrokenJson } from "#lib/decode/json.ts";
import { compare } from "#lib/domain/text/compare.ts";
import type { RedriveItem } from "#lib/domain/replay/redrive.ts";
import { isSameRecord } from "#lib/domain/replay/same-record.ts";
import type { SkipReason } from "#lib/domain/replay/skip-reasons.ts";
import { nullOnBrokerFault } from "./deps.ts";
import { type SchemaTally, openTally } from "./schema-tally.ts";

const LONGEST_MS = 8000;
/** between two turns of everybody else in the process */
const LONGEST_TICK_MS = 50;
const MOST_BYTES = 256 * 1024 * 1024;
/** of a batch with one record, with the headers a replay adds */
const ENVELOPE_BYTES = 300;
const UTF8 = new TextEncoder();

export interface Bodies {
  /** why an item cannot be sent, by the index of the item */
  readonly refused: ReadonlyMap<number, SkipReason>;
  readonly checked: number;
  readonly brokenJson: number;
  readonly schemas: SchemaTally;
}

/**
 * Looks at as many items as time allows, and no more at partitions that cannot be read. `maxBytesOf`: a target topic's
 * largest record; null: not known.
 */
export async function checkBodies(
  reader: Reader,
  items: readonly RedriveItem[],
  maxBytesOf: (topic: string) => number | null,
  bodySchemas: BodySchemas,
): Promise<Bodies> {
  const source = openSource(reader);
  const refused = new Map<number, SkipReason>();
  const unreadable = new Set<string>();
  const deadline = Date.now() + LONGEST_MS;
  const tally = openTally();
  let [checked, brokenJson, bytes, tickSince] = [0, 0, 0, performance.now()];
  for (const { item, seq } of inReadingOrder(items)) {
    if (performance.now() - tickSince > LONGEST_TICK_MS) {
      await untilNextTick();
      tickSince = performance.now();
    }
    if (Date.now() > deadline || bytes > MOST_BYTES) break;
    const { sourceTopic: topic, sourcePartition: partition, sourceOffset, key, seenAtMs, seenBytes } = item.event;
    const partitionOf = partitionKey({ topic, partition });
    if (unreadable.has(partitionOf)) continue;
    // The plan says how many it could not look at; the run itself tries again and fails in words.
    const record = await source.read({ topic, partition }, sourceOffset).catch(nullOnBrokerFault);
    if (record === null) {
      unreadable.add(partitionOf);
      continue;
    }
    checked += 1;
    if (typeof record === "string") refused.set(seq, record);
    else if (!isSameRecord(record, { key, atMs: seenAtMs, sizeBytes: seenBytes })) refused.set(seq, "another_record");
    else {
      bytes += record.value?.length ?? 0;
      if (isTooLarge(record, maxBytesOf(item.targetTopic))) {
        refused.set(seq, "too_large");
        continue;
      }
      if (isBrokenJson(record.value)) brokenJson += 1;
      tally.add(seq, bodySchemas.check({ ...record, topic }, item.targetTopic));
    }
  }
  return { refused, checked, brokenJson, schemas: tally.sum() };
}

/** Neighbours at the source are read together. */
function inReadingOrder(items: readonly RedriveItem[]): { readonly item: RedriveItem; readonly seq: number }[] {
  return items
    .map((item, seq) => ({ item, seq }))
    .sort(
      ({ item: { event: a } }, { item: { event: b } }) =>
        compare(a.sourceTopic, b.sourceTopic) ||
        compare(a.sourcePartition, b.sourcePartition) ||
        compare(a.sourceOffset, b.sourceOffset),
    );
}

function isTooLarge({ key, value, headers }: LogRecord, maxBytes: number | null): boolean {
  return isLarger(
    [
      key ?? new Uint8Array(),
      value ?? new Uint8Array(),
      ...headers.flatMap(([name, content]) => [UTF8.encode(name), content ?? new Uint8Array()]),
    ],
    maxBytes,
  );
}

/** The limit is one of what is sent, and that is compressed. */
export function isLarger(parts: readonly Uint8Array[], maxBytes: number | null): boolean {
  if (maxBytes === null || parts.reduce((sum, part) => sum + part.length, ENVELOPE_BYTES) <= maxBytes) return false;
  return gzipSync(Buffer.concat(parts)).length + ENVELOPE_BYTES > maxBytes;
}
