/**
 * An incremental fetch session with one broker (KIP-227): after the first request, only partitions whose position has
 * changed are sent, and only those with something new are answered.
 */
import type { FetchAnswer, FetchRequest, FetchTopic, FetchedFrom } from "./fetch-api.ts";

/** A partition as it is to be fetched. */
export interface WantedPartition extends FetchedFrom {
  /** as answers name it, so that no text is made for each partition at each request */
  readonly key: string;
  readonly topic: string;
  readonly topicId: string;
}

type SessionRequest = Pick<FetchRequest, "sessionId" | "sessionEpoch" | "topics" | "forgotten">;

const MAX_EPOCH = 0x7fffffff;

export class FetchSession {
  #id = 0;
  #epoch = 0;
  /** what the broker was told last of each partition, by its key */
  readonly #asked = new Map<string, WantedPartition>();

  /** The next request for exactly these partitions. There may be thousands of which none has changed. */
  request(wanted: readonly WantedPartition[]): SessionRequest {
    if (this.#epoch === 0) this.#asked.clear();
    const before = this.#asked.size;
    const changed: WantedPartition[] = [];
    let known = 0;
    for (const one of wanted) {
      const last = this.#asked.get(one.key);
      if (last !== undefined) known++;
      if (!isSame(last, one)) changed.push(one);
    }
    const forgotten = known === before ? [] : this.#forget(wanted);
    for (const one of changed) this.#asked.set(one.key, one);
    return { sessionId: this.#id, sessionEpoch: this.#epoch, topics: byTopic(changed), forgotten };
  }

  /** The offset at which the last request asked for this partition; undefined: it did not. */
  askedFrom(key: string): bigint | undefined {
    return this.#asked.get(key)?.fetchOffset;
  }

  /** false: the broker has no such session any more; the next request opens a new one */
  answered({ errorCode, sessionId }: Pick<FetchAnswer, "errorCode" | "sessionId">): boolean {
    if (errorCode !== 0) {
      this.reset();
      return false;
    }
    if (this.#epoch === 0) {
      // A broker whose sessions are all in use answers 0: then each request names every partition.
      this.#id = sessionId;
      this.#epoch = sessionId === 0 ? 0 : 1;
    } else this.#epoch = this.#epoch === MAX_EPOCH ? 1 : this.#epoch + 1;
    return true;
  }

  /** The next request opens a new session: after a connection was lost, for example. */
  reset(): void {
    this.#id = 0;
    this.#epoch = 0;
  }

  #forget(wanted: readonly WantedPartition[]): SessionRequest["forgotten"] {
    const kept = new Set(wanted.map(({ key }) => key));
    const gone = [...this.#asked.values()].filter(({ key }) => !kept.has(key));
    for (const { key } of gone) this.#asked.delete(key);
    return byTopic(gone).map(({ topic, topicId, partitions }) => ({
      topic,
      topicId,
      partitions: partitions.map((at) => at.partition),
    }));
  }
}

/** The key of a partition; `topic`: its id where topics go by id, else its name. */
export const fetchKey = (topic: string, partition: number): string => `${topic}/${partition}`;

const isSame = (known: WantedPartition | undefined, wanted: WantedPartition): boolean =>
  known === wanted ||
  (known !== undefined &&
    known.fetchOffset === wanted.fetchOffset &&
    known.lastFetchedEpoch === wanted.lastFetchedEpoch &&
    known.maxBytes === wanted.maxBytes);

function byTopic(partitions: readonly WantedPartition[]): FetchTopic[] {
  return [...Map.groupBy(partitions, ({ topic, topicId }) => `${topicId}/${topic}`).values()].flatMap((own) => {
    const [first] = own;
    return first === undefined ? [] : [{ topic: first.topic, topicId: first.topicId, partitions: own }];
  });
}
