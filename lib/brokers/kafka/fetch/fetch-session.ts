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
  /** what the broker knows, by its key */
  #known = new Map<string, WantedPartition>();
  #asked = new Map<string, WantedPartition>();

  /** The next request for exactly these partitions. */
  request(wanted: readonly WantedPartition[]): SessionRequest {
    this.#asked = new Map(wanted.map((one) => [one.key, one]));
    if (this.#epoch === 0) return { sessionId: 0, sessionEpoch: 0, topics: byTopic(wanted), forgotten: [] };
    return {
      sessionId: this.#id,
      sessionEpoch: this.#epoch,
      topics: byTopic(wanted.filter((one) => !isSame(this.#known.get(one.key), one))),
      forgotten: byTopic([...this.#known].flatMap(([key, one]) => (this.#asked.has(key) ? [] : [one]))).map(
        ({ topic, topicId, partitions }) => ({ topic, topicId, partitions: partitions.map((at) => at.partition) }),
      ),
    };
  }

  /** false: the broker has no such session any more; the next request opens a new one */
  answered({ errorCode, sessionId }: Pick<FetchAnswer, "errorCode" | "sessionId">): boolean {
    if (errorCode !== 0) {
      this.reset();
      return false;
    }
    this.#known = this.#asked;
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
    this.#known = new Map();
  }
}

/** The key of a partition; `topic`: its id where topics go by id, else its name. */
export const fetchKey = (topic: string, partition: number): string => `${topic}/${partition}`;

const isSame = (known: WantedPartition | undefined, wanted: WantedPartition): boolean =>
  known !== undefined &&
  known.fetchOffset === wanted.fetchOffset &&
  known.lastFetchedEpoch === wanted.lastFetchedEpoch &&
  known.maxBytes === wanted.maxBytes;

function byTopic(partitions: readonly WantedPartition[]): FetchTopic[] {
  return [...Map.groupBy(partitions, ({ topic, topicId }) => `${topicId}/${topic}`).values()].flatMap((own) => {
    const [first] = own;
    return first === undefined ? [] : [{ topic: first.topic, topicId: first.topicId, partitions: own }];
  });
}
