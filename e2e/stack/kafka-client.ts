/** The tests' own Kafka client, apart from the one that is tested. */
import kafkajs from "kafkajs";
import { registerCodecs } from "#lib/demo/services/kit/codecs.ts";

/** Knows every compression; silent, and patient with brokers that are being killed. */
export function openTestKafka(brokers: readonly string[]): kafkajs.Kafka {
  registerCodecs();
  return new kafkajs.Kafka({
    clientId: "test",
    brokers: [...brokers],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 60, initialRetryTime: 200, maxRetryTime: 1000 },
  });
}
