/** Reads what is to be sent before it is: what is gone, what its target would refuse, what is no JSON though it begins like it. */
import { gzipSync } from "node:zlib";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import { openSource } from "#lib/brokers/record-source.ts";
import type { Reader, TapRecord } from "#lib/brokers/ports.ts";
import { compare } from "#lib/domain/compare.ts";
import type { RedriveItem, SkipReason } from "#lib/domain/replay/redrive.ts";

const LONGEST_MS = 8000;
const MOST_BYTES = 256 * 1024 * 1024;
/** of a batch with one record, with the headers a replay adds */
const ENVELOPE_BYTES = 300;
const LONGEST_JSON_BYTES = 1024 * 1024;
const UTF8 = new TextEncoder();

export interface Bodies {
  /** why an item cannot be sent, by its place among the items */
  readonly refused: ReadonlyMap<number, SkipReason>;
  readonly looked: number;
  readonly brokenJson: number;
}

/** Looks at as many items as time allows, and no more at partitions that cannot be read. `maxBytesOf`: a target topic's largest record; null: not known. */
export async function lookAtBodies(reader: Reader, items: readonly RedriveItem[], maxBytesOf: (topic: string) => number | null): Promise<Bodies> {
  const source = openSource(reader);
  const refused = new Map<number, SkipReason>();
  const unreadable = new Set<string>();
  const deadline = Date.now() + LONGEST_MS;
  let [looked, brokenJson, bytes] = [0, 0, 0];
  for (const { item, seq } of inReadingOrder(items)) {
    if (Date.now() > deadline || bytes > MOST_BYTES) break;
    const { sourceTopic: topic, sourcePartition: partition, sourceOffset } = item.event;
    const place = partitionKey({ topic, partition });
    if (unreadable.has(place)) continue;
    // The plan says how many it could not look at; the run itself tries again and fails in words.
    const record = await source.read({ topic, partition }, sourceOffset).catch(() => null);
    if (record === null) {
      unreadable.add(place);
      continue;
    }
    looked += 1;
    if (typeof record === "string") refused.set(seq, record);
    else {
      bytes += record.value?.length ?? 0;
      if (isTooLarge(record, maxBytesOf(item.targetTopic))) refused.set(seq, "too_large");
      else if (isBrokenJson(record.value)) brokenJson += 1;
    }
  }
  return { refused, looked, brokenJson };
}

/** Neighbours at the source are read together. */
function inReadingOrder(items: readonly RedriveItem[]): { readonly item: RedriveItem; readonly seq: number }[] {
  return items.map((item, seq) => ({ item, seq })).sort(({ item: { event: a } }, { item: { event: b } }) => compare(a.sourceTopic, b.sourceTopic) || compare(a.sourcePartition, b.sourcePartition) || compare(a.sourceOffset, b.sourceOffset));
}

function isTooLarge({ key, value, headers }: TapRecord, maxBytes: number | null): boolean {
  return isLarger([key ?? new Uint8Array(), value ?? new Uint8Array(), ...headers.flatMap(([name, content]) => [UTF8.encode(name), content ?? new Uint8Array()])], maxBytes);
}

/** The limit is one of what is sent, and that is compressed. */
export function isLarger(parts: readonly Uint8Array[], maxBytes: number | null): boolean {
  if (maxBytes === null || parts.reduce((sum, part) => sum + part.length, ENVELOPE_BYTES) <= maxBytes) return false;
  return gzipSync(Buffer.concat(parts)).length + ENVELOPE_BYTES > maxBytes;
}

function isBrokenJson(value: Uint8Array | null): boolean {
  if (value === null || value.length > LONGEST_JSON_BYTES) return false;
  const text = Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("utf8");
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
