import { ProtocolError } from "@platformatic/kafka";

/** An error that a broker answered, by its code. `apiId` is Kafka's name of it; the client's types leave it out. */
export type KafkaError = ProtocolError & { readonly apiId: string };

export const kafkaErrorOfCode = (code: number): KafkaError => new ProtocolError(code) as KafkaError;
