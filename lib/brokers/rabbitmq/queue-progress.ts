/** How far each queue is: RabbitMQ counts, and begins anew with each restart; Flowtap goes on. */
import { nextProgress, startOf, type CountedProgress } from "#lib/domain/health/counted-progress.ts";
import type { RequestLimits } from "../ports/inspector.ts";
import type { QueueRow } from "./management.ts";

type ProgressBefore = NonNullable<RequestLimits["progressBefore"]>;

export class QueueProgress {
  readonly #before: ProgressBefore;
  #known = new Map<string, CountedProgress>();

  constructor(before: ProgressBefore) {
    this.#before = before;
  }

  /** Takes in one poll of all queues; of one that is not among them nothing is known any more. */
  async add(rows: readonly QueueRow[]): Promise<void> {
    const queues = rows.flatMap(({ messages, ...row }) => (messages === null ? [] : [{ ...row, messages }]));
    const fresh = queues.filter(({ name }) => !this.#known.has(name)).map(({ name }) => name);
    const before = fresh.length === 0 ? new Map<string, never>() : await this.#before(fresh);
    const nowMs = Date.now();
    this.#known = new Map(
      queues.map((queue) => {
        const known = this.#known.get(queue.name) ?? startOf(before.get(queue.name) ?? null);
        return [queue.name, nextProgress(known, countsOf(queue), nowMs)];
      }),
    );
  }

  of(queue: string): { readonly consumed: bigint; readonly end: bigint } | null {
    const known = this.#known.get(queue);
    return known === undefined
      ? null
      : { consumed: BigInt(known.consumed), end: BigInt(known.consumed + known.waiting) };
  }
}

type CountedRow = QueueRow & { readonly messages: number };

const countsOf = ({ messages, message_stats: { ack = 0, deliver_no_ack = 0, get_no_ack = 0 } }: CountedRow) => ({
  waiting: messages,
  settled: ack + deliver_no_ack + get_no_ack,
});
