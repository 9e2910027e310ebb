import type { AppError } from "#lib/contracts/errors.ts";
import type { TailFrame, TailQuery } from "#lib/contracts/topics.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { destinationId } from "#lib/store/search/ids-of-names.ts";
import { readTapNext } from "#lib/store/destinations/offsets-read.ts";
import { notFound, type Answer, type QueryDeps } from "./deps.ts";
import { messageView, readFault } from "./message-view.ts";

const POLL_EVERY_MS = 500;
/** Messages shown of each look: nobody reads faster, and a screen shows fewer. */
const MOST_AT_ONCE = 100;
const MOST_BYTES = 2 * 1024 * 1024;
const TEXT_CHARS = 8192;

/**
 * New messages of a topic from now on. Flowtap's own positions tell which partitions have moved, so the broker is only
 * asked for what is there. What comes too fast to be shown is skipped and counted. A fault of the broker is told and
 * reading goes on.
 */
export async function tailMessages(
  deps: QueryDeps,
  { cluster, topic, query, signal }: { cluster: string; topic: string; query: TailQuery; signal: AbortSignal },
): Answer<AsyncGenerator<Result<TailFrame, AppError>, void>> {
  const reader = deps.readerOf(cluster);
  const destination = reader === null ? null : await destinationId(deps.prisma, cluster, topic);
  if (reader === null || destination === null) return err(notFound(`The topic ${topic} of ${cluster}`));
  const shown = new Map(await readTapNext(deps.prisma, destination));

  async function* frames(): AsyncGenerator<Result<TailFrame, AppError>, void> {
    while (!signal.aborted) {
      await pause(POLL_EVERY_MS, signal);
      if (signal.aborted) return;
      const moved = [...(await readTapNext(deps.prisma, destination ?? 0))].filter(
        ([partition, next]) => next > (shown.get(partition) ?? 0n) && (query.partition ?? partition) === partition,
      );
      if (moved.length === 0) continue;
      yield await readMoved(moved);
    }
  }

  async function readMoved(moved: readonly (readonly [number, bigint])[]): Promise<Result<TailFrame, AppError>> {
    const share = Math.max(1, Math.floor(MOST_AT_ONCE / moved.length));
    const items: TailFrame["items"] = [];
    let skipped = 0;
    try {
      for (const [partition, next] of moved.slice(0, MOST_AT_ONCE)) {
        const from = shown.get(partition) ?? 0n;
        const start = next - from > BigInt(share) ? next - BigInt(share) : from;
        skipped += Number(start - from);
        const { records } = await (reader as NonNullable<typeof reader>).read({ topic, partition }, start, {
          maxRecords: share,
          maxBytes: MOST_BYTES,
          timeoutMs: 3000,
        });
        for (const record of records)
          if (record.offset < next)
            items.push(messageView(cluster, { topic, partition }, record, deps.rules, TEXT_CHARS));
        shown.set(partition, next);
      }
    } catch (error) {
      return err(readFault(cluster, error));
    }
    items.sort((a, b) => Date.parse(a.timestamp ?? "") - Date.parse(b.timestamp ?? ""));
    return ok({ items, skipped });
  }
  return ok(frames());
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
