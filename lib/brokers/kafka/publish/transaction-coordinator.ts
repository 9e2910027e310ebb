/** A transactional producer as its coordinator knows it: its id and epoch, and how its transactions end (KIP-98). */
import { setTimeout as sleep } from "node:timers/promises";
import { addPartitionsToTxnV3, endTxnV3, findCoordinatorV4, initProducerIdV4 } from "@platformatic/kafka";
import { BrokerFault } from "../../ports/errors.ts";
import type { PartitionRef } from "../../ports/partition.ts";
import type { BrokerAddress, Requests } from "../inspect-requests.ts";
import { kafkaErrorOfCode, type KafkaError } from "../protocol-error.ts";
import { refusalOf } from "./refusals.ts";

const TRANSACTION_COORDINATOR = 1;
/** The broker aborts what a killed publisher left open after this time, unless one of the same id comes first. */
const TRANSACTION_TIMEOUT_MS = 60_000;
const TRIES = 20;
const RETRY_AFTER_MS = 250;
/** The coordinator moves, loads, or still ends the transaction before. */
const TRY_AGAIN: ReadonlySet<string> = new Set([
  "COORDINATOR_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "NOT_COORDINATOR",
  "CONCURRENT_TRANSACTIONS",
]);

export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export class TransactionCoordinator {
  readonly #requests: Requests;
  readonly transactionalId: string;
  #broker: BrokerAddress | null = null;

  constructor(requests: Requests, transactionalId: string) {
    this.#requests = requests;
    this.transactionalId = transactionalId;
  }

  /**
   * A new epoch of the id: aborts what an earlier one left open, and fences it off. `former`: the epoch that this one
   * is to follow; rejects when another publisher has begun one since (KIP-360).
   */
  async initialize(former?: ProducerIdentity): Promise<ProducerIdentity> {
    const { producerId, producerEpoch } = await this.#ask((broker) =>
      this.#requests.toBroker(
        broker,
        initProducerIdV4.api,
        this.transactionalId,
        TRANSACTION_TIMEOUT_MS,
        former?.producerId ?? -1n,
        former?.producerEpoch ?? -1,
      ),
    );
    return { producerId, producerEpoch };
  }

  /** Before anything is written to them. */
  async addPartitions(producer: ProducerIdentity, partitions: readonly PartitionRef[]): Promise<void> {
    const topics = [...Map.groupBy(partitions, ({ topic }) => topic)].map(([name, own]) => ({
      name,
      partitions: own.map(({ partition }) => partition),
    }));
    await this.#ask(async (broker) => {
      const { transactionalId } = this;
      const transaction = { transactionalId, ...producer, verifyOnly: false, topics };
      const answer = await this.#requests.toBroker(broker, addPartitionsToTxnV3.api, [transaction]);
      const codes = answer.resultsByTransaction.flatMap(({ topicResults }) =>
        topicResults.flatMap(({ resultsByPartition }) => resultsByPartition.map((one) => one.partitionErrorCode)),
      );
      return { errorCode: codes.find((code) => code !== 0) ?? 0 };
    });
  }

  async commit({ producerId, producerEpoch }: ProducerIdentity): Promise<void> {
    await this.#ask((broker) =>
      this.#requests.toBroker(broker, endTxnV3.api, this.transactionalId, producerId, producerEpoch, true),
    );
  }

  async #ask<T extends { readonly errorCode: number }>(request: (broker: BrokerAddress) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      const answer = await request((this.#broker ??= await this.#find()));
      if (answer.errorCode === 0) return answer;
      const error = kafkaErrorOfCode(answer.errorCode);
      if (!TRY_AGAIN.has(error.apiId) || tries === TRIES) throw refusalOf(error) ?? faultOf(error);
      if (error.apiId !== "CONCURRENT_TRANSACTIONS") this.#broker = null;
      await sleep(RETRY_AFTER_MS);
    }
  }

  async #find(): Promise<BrokerAddress> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#requests.toAny(findCoordinatorV4.api, TRANSACTION_COORDINATOR, [this.transactionalId]);
      const [found] = answer.coordinators;
      if (found?.errorCode === 0) return found;
      const error = kafkaErrorOfCode(found?.errorCode ?? -1);
      if (!TRY_AGAIN.has(error.apiId) || tries === TRIES) throw refusalOf(error) ?? faultOf(error);
      await sleep(RETRY_AFTER_MS);
    }
  }
}

const faultOf = (error: KafkaError): BrokerFault =>
  new BrokerFault({ kind: "refused" }, `${error.apiId}: ${error.message}`, { cause: error });
