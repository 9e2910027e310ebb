/**
 * The baseline: KafkaJS reads a topic to its end and drops it, with fetch sizes at which it reads fastest. Ends when it
 * has read as many records as told.
 */
import { Kafka, logLevel } from "kafkajs";

const [brokers = "", topic = "", records = "0"] = process.argv.slice(2);
const consumer = new Kafka({ clientId: "bench-raw", brokers: brokers.split(","), logLevel: logLevel.NOTHING }).consumer(
  { groupId: "bench-raw", maxBytesPerPartition: 4 * 1024 * 1024, maxBytes: 16 * 1024 * 1024, maxWaitTimeInMs: 250 },
);
let left = Number(records);
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: 8,
  eachBatch: ({ batch }) => {
    left -= batch.messages.length;
    if (left <= 0) process.exit(0);
    return Promise.resolve();
  },
});
