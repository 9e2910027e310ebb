/** The next batch of a run: its records, read again, edited and marked as a replay. */
import type { OutgoingRecord } from "#lib/brokers/ports/publisher.ts";
import type { Source } from "#lib/brokers/record-source.ts";
import { EDITED_HEADER, applyEdit } from "#lib/domain/replay/edit.ts";
import { isSameRecord } from "#lib/domain/replay/same-record.ts";
import { replayHeaders } from "#lib/domain/replay/replay-headers.ts";
import type { ClaimedRun } from "#lib/store/replays/claimed-run.ts";
import type { ItemFault, ReplayItem } from "#lib/store/replays/run-items.ts";

const EDITED = [EDITED_HEADER, new TextEncoder().encode("true")] as const;
/** Below the brokers' default limit for a batch of one partition, uncompressed. */
const MAX_BATCH_BYTES = 512 * 1024;

export interface Batch {
  readonly records: readonly { readonly seq: number; readonly record: OutgoingRecord }[];
  /** items whose record no longer exists, or is another one */
  readonly faults: readonly ItemFault[];
}

/** Reads the items' records, as many as fit in one batch. Writes nothing, so it can run beside the sending. */
export async function prepare(run: ClaimedRun, source: Source, items: readonly ReplayItem[]): Promise<Batch> {
  const records: { seq: number; record: OutgoingRecord }[] = [];
  const faults: ItemFault[] = [];
  let bytes = 0;
  const { preview } = run.plan;
  const keepsTime = preview.kind === "redrive" && preview.time === "original";
  const targetGroup = preview.kind === "redrive" && preview.to.how === "group" ? preview.to.group : null;
  for (const item of items) {
    const origin = { topic: item.sourceTopic, partition: item.sourcePartition, offset: item.sourceOffset };
    const record = await source.read(origin, item.sourceOffset);
    if (typeof record === "string") {
      faults.push({ seq: item.seq, reason: record });
      continue;
    }
    if (!isSameRecord(record, item.seen)) {
      faults.push({ seq: item.seq, reason: "another_record" });
      continue;
    }
    const { value, headers } = item.edit === null ? record : applyEdit(record, item.edit);
    bytes += (record.key?.length ?? 0) + (value?.length ?? 0);
    if (records.length > 0 && bytes > MAX_BATCH_BYTES) break;
    const marked = replayHeaders(headers, { run: run.wireName, item: item.seq }, origin, targetGroup);
    records.push({
      seq: item.seq,
      record: {
        topic: item.targetTopic,
        partition: item.targetPartition,
        key: record.key,
        value,
        headers: item.edit === null ? marked : [...marked, EDITED],
        ...(keepsTime && item.publishedAtMs !== null && { timestampMs: item.publishedAtMs }),
      },
    });
  }
  return { records, faults };
}
