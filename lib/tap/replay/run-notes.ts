/**
 * What a run notes of its targets while it sends, in its `result`: from where on everything lies that it has sent
 * lately. Written with the marks of a batch, in their transaction, before the batch is sent.
 */
import { z } from "zod";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import { BrokerFault } from "#lib/brokers/ports/errors.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { targetLogs } from "./target-logs.ts";

/** End offsets by `topic/partition`. */
const Ends = z.record(z.string(), z.string().regex(/^\d{1,20}$/));
export type NotedEnds = z.infer<typeof Ends>;

export const RunNotes = z.object({
  /** before the latest batch */
  endsBefore: Ends,
  /** the same some minutes ago, the older first: a database may have lost what was written last */
  earlier: z.array(z.object({ at: z.iso.datetime(), ends: Ends })).default([]),
});
export type RunNotes = z.infer<typeof RunNotes>;

const EARLIER_EVERY_MS = 60_000;
const EARLIER_KEPT = 2;

/** null: nothing was sent yet */
export const notesOf = (result: unknown): RunNotes | null => RunNotes.safeParse(result).data ?? null;

/** From where on everything lies that the run has sent in the last minutes. */
export const earliestEnds = ({ endsBefore, earlier }: RunNotes): NotedEnds => earlier[0]?.ends ?? endsBefore;

/** A target of items: null: any partition of the topic, by key. */
export interface Target {
  readonly topic: string;
  readonly partition: number | null;
}

/** The partitions of the topics that something may be sent to. */
export async function partitionsOf(targets: readonly Target[], inspector: LogInspector): Promise<PartitionRef[]> {
  const byTopic = Map.groupBy(targets, ({ topic }) => topic);
  return (await inspector.destinations()).flatMap(({ name: topic, partitions }) => {
    const own = byTopic.get(topic) ?? [];
    return partitions
      .filter(({ partition }) => own.some((target) => target.partition === null || target.partition === partition))
      .map(({ partition }) => ({ topic, partition }));
  });
}

/** The end offset of each target partition: whatever is sent from now on is written at or behind it. */
export async function endsOf(targets: readonly Target[], inspector: LogInspector): Promise<Map<string, bigint>> {
  const logs = await targetLogs(await partitionsOf(targets, inspector), inspector);
  return new Map(logs.map((log) => [partitionKey(log), log.endOffset]));
}

/** The ends before each batch, kept up without asking the broker for each. */
export class TargetEnds {
  readonly #ask: () => Promise<Map<string, bigint>>;
  readonly #ends = new Map<string, bigint>();
  #earlier: RunNotes["earlier"];
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(ask: () => Promise<Map<string, bigint>>, former: RunNotes | null) {
    this.#ask = ask;
    this.#earlier = former?.earlier ?? [];
  }

  /** What to note before the next batch is sent. */
  async note(nowMs: number): Promise<Partial<RunNotes>> {
    if (nowMs - this.#askedAt < EARLIER_EVERY_MS) return { endsBefore: this.#asNoted() };
    for (const [key, end] of await this.#ask()) this.#ends.set(key, end);
    this.#askedAt = nowMs;
    const endsBefore = this.#asNoted();
    const last = this.#earlier.at(-1);
    if (last === undefined || nowMs - Date.parse(last.at) >= EARLIER_EVERY_MS)
      this.#earlier = [...this.#earlier, { at: new Date(nowMs).toISOString(), ends: endsBefore }].slice(-EARLIER_KEPT);
    return { endsBefore, earlier: this.#earlier };
  }

  /**
   * The next batch is written behind these. Throws when one lies where its log had ended before: such an answer is no
   * proof that anything was written.
   */
  wrote(records: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[]): void {
    for (const record of records) {
      const key = partitionKey(record);
      if (record.offset < (this.#ends.get(key) ?? 0n))
        throw new BrokerFault(
          { kind: "unknown" },
          `the broker says it wrote to ${key} at ${record.offset}, before its end`,
        );
      this.#ends.set(key, record.offset + 1n);
    }
  }

  #asNoted(): NotedEnds {
    return Object.fromEntries([...this.#ends].map(([key, end]) => [key, end.toString()]));
  }
}
