/** What each producer wrote to each destination in the records of one flush, and which service its records name. */
import type { RecordProducer } from "#lib/brokers/ports/log-source.ts";

export interface ProducerTotal {
  readonly producerId: bigint;
  readonly destinationId: number;
  readonly isTransactional: boolean;
  records: number;
  /** how many of them name a service themselves */
  namedRecords: number;
  firstAtMs: number;
  lastAtMs: number;
  /** the service that its records name; null: they name none */
  serviceId: number | null;
  /** they name several */
  hasConflict: boolean;
}

/** Stands for all that the broker gave no id. */
export const UNKNOWN_PRODUCER: RecordProducer = { id: -1n, isTransactional: false };

/** More in one flush are dropped: a process that opens a producer for each record would fill the table. */
const MAX_TOTALS = 5000;

export class ProducerTotals {
  readonly #totals = new Map<number, Map<bigint, ProducerTotal>>();
  #size = 0;
  #dropped = 0;
  #producer: RecordProducer | null = null;
  #destinationId = -1;
  #current: ProducerTotal | null = null;

  /** `serviceId`: the service that the record itself names; null: none. */
  add(destinationId: number, producer: RecordProducer, atMs: number, serviceId: number | null): void {
    // The records of a batch share one object: looking it up once for each batch is enough.
    if (producer !== this.#producer || destinationId !== this.#destinationId) {
      this.#producer = producer;
      this.#destinationId = destinationId;
      this.#current = this.#find(destinationId, producer, atMs);
    }
    const total = this.#current;
    if (total === null) return;
    total.records++;
    if (atMs > total.lastAtMs) total.lastAtMs = atMs;
    if (serviceId === null) return;
    total.namedRecords++;
    if (serviceId === total.serviceId) return;
    if (total.serviceId === null) total.serviceId = serviceId;
    else total.hasConflict = true;
  }

  get all(): ProducerTotal[] {
    return [...this.#totals.values()].flatMap((own) => [...own.values()]);
  }

  /** Batches that are in none of the totals, because there were too many. */
  get dropped(): number {
    return this.#dropped;
  }

  clear(): void {
    this.#totals.clear();
    this.#size = 0;
    this.#dropped = 0;
    this.#producer = null;
    this.#current = null;
  }

  #find(destinationId: number, { id, isTransactional }: RecordProducer, atMs: number): ProducerTotal | null {
    let own = this.#totals.get(destinationId);
    if (own === undefined) this.#totals.set(destinationId, (own = new Map<bigint, ProducerTotal>()));
    let total = own.get(id);
    if (total !== undefined) return total;
    if (this.#size >= MAX_TOTALS) {
      this.#dropped++;
      return null;
    }
    this.#size++;
    total = {
      producerId: id,
      destinationId,
      isTransactional,
      records: 0,
      namedRecords: 0,
      firstAtMs: atMs,
      lastAtMs: atMs,
      serviceId: null,
      hasConflict: false,
    };
    own.set(id, total);
    return total;
  }
}
