/** The leaders of partitions that are read now and then, kept until one of them turns out to be another. */
import { partitionWords } from "#lib/domain/text/words.ts";
import { partitionKey } from "../partition-key.ts";
import { BrokerFault } from "../ports/errors.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { readLayout, type Layout } from "./inspect-layout.ts";
import type { BrokerAddress, Requests } from "./inspect-requests.ts";
import { kafkaErrorOfCode } from "./protocol-error.ts";

const MAX_TOPICS = 100;

export interface Leader {
  readonly broker: BrokerAddress;
  readonly topicId: string;
}

export class Leaders {
  readonly #requests: Requests;
  readonly #layouts = new Map<string, Layout>();

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** Rejects with a BrokerFault when there is none. A partition without a leader does not affect the others. */
  async find(ref: PartitionRef): Promise<Leader> {
    const { leaders, brokers, topicIds, refused } = await this.#layoutOf(ref.topic);
    const name = partitionWords(ref);
    const nodeId = leaders.get(partitionKey(ref));
    const broker = brokers.get(nodeId ?? -1);
    if (broker !== undefined) return { broker, topicId: topicIds.get(ref.topic) ?? "" };
    this.forget(ref);
    const refusal = refused.get(ref.topic);
    const error = refusal === undefined ? "" : kafkaErrorOfCode(refusal).apiId;
    if (error.endsWith("_AUTHORIZATION_FAILED")) throw notAllowed(name, error);
    if (nodeId === undefined) throw new BrokerFault({ kind: "refused" }, `there is no ${name} on this cluster`);
    throw new BrokerFault({ kind: "unreachable" }, `${name} has no leader at the moment`);
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

export const notAllowed = (name: string, error: string): BrokerFault =>
  new BrokerFault(
    { kind: "not_authorized" },
    `the broker does not let Flowtap read ${name} (${error}); docs/operations.md lists the rights it needs`,
  );
