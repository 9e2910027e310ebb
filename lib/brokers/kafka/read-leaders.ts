/** The leaders of partitions that are read now and then, kept until one of them turns out to be another. */
import type { PartitionRef } from "../ports/partition.ts";
import { readLayout, type Layout } from "./inspect-layout.ts";
import type { Requests } from "./inspect-requests.ts";
import { leaderOf, type Leader } from "./leader-of.ts";

const MAX_TOPICS = 100;

export class Leaders {
  readonly #requests: Requests;
  readonly #layouts = new Map<string, Layout>();

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Rejects with a BrokerFault when there is none; the next time it is asked again. */
  async find(ref: PartitionRef): Promise<Leader> {
    const layout = await this.#layoutOf(ref.topic);
    try {
      return leaderOf(layout, ref);
    } catch (error) {
      this.forget(ref);
      throw error;
    }
  }

  forget({ topic }: Pick<PartitionRef, "topic">): void {
    this.#layouts.delete(topic);
  }

  async #layoutOf(topic: string): Promise<Layout> {
    const known = this.#layouts.get(topic);
    if (known !== undefined) return known;
    const layout = await readLayout(this.#requests, [topic]);
    if (this.#layouts.size >= MAX_TOPICS) this.#layouts.clear();
    this.#layouts.set(topic, layout);
    return layout;
  }
}
