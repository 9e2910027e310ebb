/** A real broker, its users and its failures, as a contract test needs them. */
import type { Headers } from "#lib/domain/message/headers.ts";
import type { Broker } from "../ports/broker.ts";

export interface SentMessage {
  readonly partition: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: Headers;
}

export interface World<B extends Broker> {
  readonly broker: B;
  /** a new destination with a unique name */
  createDestination(partitions: number): Promise<string>;
  /** as a user's producer does, with a client other than Flowtap's */
  publish(destination: string, messages: readonly SentMessage[]): Promise<void>;
  /** Publishes one record that the broker accepts but the adapter cannot read. */
  publishUnreadable(destination: string, partition: number): Promise<void>;
  /** A user's consumer: takes that many messages, commits them, and stays in the group until it is stopped. */
  consume(destination: string, group: string, messages: number): Promise<{ stop(): Promise<void> }>;
  /** ends the broker without a clean shutdown */
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}
