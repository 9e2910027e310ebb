/**
 * The records of a fetched range that a consumer with isolation level read_committed gets. The broker stops at the last
 * stable offset but includes aborted transactions and transaction markers; the client has to remove them (KIP-98).
 */
import type { fetchV17 } from "@platformatic/kafka";
import type { Headers } from "#lib/domain/message/headers.ts";
import type { LogRecord } from "../ports/log-source.ts";

export type FetchedPartition = Pick<
  fetchV17.FetchResponsePartition,
  "errorCode" | "lastStableOffset" | "abortedTransactions" | "records"
>;

/** One step through the log: a record, or null when only the offset advances. */
export interface LogStep {
  readonly record: LogRecord | null;
  readonly nextOffset: bigint;
}

const LOG_APPEND_TIME = 1 << 3;
const TRANSACTIONAL = 1 << 4;
const CONTROL = 1 << 5;
const ABORT_MARKER = 0;

export function* committedRecords(partition: FetchedPartition, from: bigint): Generator<LogStep> {
  const aborted = (partition.abortedTransactions ?? []).toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1));
  const aborting = new Set<bigint>();
  for (const batch of partition.records ?? []) {
    const lastOffset = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    for (let first = aborted[0]; first !== undefined && first.firstOffset <= lastOffset; first = aborted[0]) {
      aborting.add(first.producerId);
      aborted.shift();
    }
    if ((batch.attributes & CONTROL) !== 0) {
      // A marker's key: version and type, two bytes each.
      const marker = batch.records[0]?.key;
      if (marker && marker.length >= 4 && marker.readInt16BE(2) === ABORT_MARKER) aborting.delete(batch.producerId);
    } else if ((batch.attributes & TRANSACTIONAL) === 0 || !aborting.has(batch.producerId)) {
      for (const record of batch.records) {
        const offset = batch.firstOffset + BigInt(record.offsetDelta);
        // A fetch returns whole batches; records before the wanted offset are skipped.
        if (offset < from) continue;
        const timestamp =
          (batch.attributes & LOG_APPEND_TIME) !== 0
            ? batch.maxTimestamp
            : batch.firstTimestamp + record.timestampDelta;
        yield {
          record: {
            offset,
            timestampMs: Number(timestamp),
            key: record.key,
            value: record.value,
            headers: headersOf(record.headers),
          },
          nextOffset: offset + 1n,
        };
      }
    }
    if (lastOffset >= from) yield { record: null, nextOffset: lastOffset + 1n };
  }
}

function headersOf(headers: readonly (readonly [Buffer | null, Buffer | null])[]): Headers {
  return headers.map(([name, value]) => [name?.toString("utf8") ?? "", value]);
}
