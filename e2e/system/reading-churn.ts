/**
 * A topic is made every five seconds, and the one before the last is deleted. KafkaJS would go on asking for each that
 * it has written to, and fail.
 */
import type { Admin } from "kafkajs";
import type pg from "pg";
import { batchOf, type RawProducer } from "#e2e/stack/raw-producer.ts";
import { createTopicOn } from "#e2e/stack/create-topic.ts";

const EVERY_MS = 5000;
const EVENTS = 5;
const ALIVE = 2;

export interface TopicChurn {
  readonly deleted: number;
  /** how many events of the topics that are still there are not indexed yet */
  missing(): Promise<number>;
  /** makes and deletes no more */
  stop(): Promise<void>;
}

export function openTopicChurn(admin: Admin, rawProducer: RawProducer, pool: pg.Pool): TopicChurn {
  const alive: string[] = [];
  let made = 0;
  let deleted = 0;
  const step = async () => {
    const topic = `churn-${++made}`;
    await createTopicOn(admin, topic, 1);
    await rawProducer.send(topic, 0, batchOf(Array.from({ length: EVENTS }, (_, i) => Buffer.from(`${i}`))));
    alive.push(topic);
    if (alive.length <= ALIVE) return;
    await admin.deleteTopics({ topics: alive.splice(0, 1) });
    deleted++;
  };
  let last = Promise.resolve();
  let failure: unknown = null;
  const next = () => void (last = last.then(step).catch((error: unknown) => void (failure ??= error)));
  const timer = setInterval(next, EVERY_MS);
  next();
  return {
    get deleted() {
      return deleted;
    },
    missing: async () => {
      const { rows } = await pool.query<{ n: string }>(
        "SELECT count(*) AS n FROM events e JOIN destinations d ON d.id = e.destination_id WHERE d.name = ANY($1)",
        [alive],
      );
      return alive.length * EVENTS - Number(rows[0]?.n);
    },
    stop: async () => {
      clearInterval(timer);
      await last;
      if (failure !== null) throw new Error("topics could not be made and deleted", { cause: failure });
    },
  };
}
