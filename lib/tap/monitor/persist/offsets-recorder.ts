import type pg from "pg";
import { writeOffsets, type OffsetsRow } from "#lib/store/destinations/offsets-write.ts";
import { destinationPartitionKey } from "../state/log-ends.ts";

/** Offsets that did not change are written again now and then: their age tells whether the broker is still polled. */
const ALL_EVERY_MS = 30_000;

/** Which offsets of logs differ from those written last. */
export class OffsetsRecorder {
  #written = new Map<number, string>();
  #allAtMs = 0;

  /** The rows to write; they count as written from now on. */
  changed(rows: readonly OffsetsRow[], nowMs: number): OffsetsRow[] {
    if (nowMs - this.#allAtMs > ALL_EVERY_MS) {
      this.#allAtMs = nowMs;
      this.#written.clear();
    }
    return rows.filter((row) => {
      const key = destinationPartitionKey(row.destinationId, row.partition);
      const signature = signatureOf(row);
      if (this.#written.get(key) === signature) return false;
      this.#written.set(key, signature);
      return true;
    });
  }

  async record(client: pg.Client, rows: readonly OffsetsRow[], nowMs: number): Promise<void> {
    await writeOffsets(client, this.changed(rows, nowMs));
  }
}

function signatureOf(row: OffsetsRow): string {
  const { logStartOffset, endOffset, lastStableOffset, leader, sizeBytes, heldByTransaction } = row;
  const held = `${heldByTransaction?.sinceMs} ${heldByTransaction?.producerId}`;
  return `${logStartOffset} ${endOffset} ${lastStableOffset} ${leader} ${sizeBytes} ${held}`;
}
