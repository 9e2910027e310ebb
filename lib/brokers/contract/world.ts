/** A real broker, its users, and its misfortunes, as a contract test needs them. */
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
  /** a new destination, with a name of its own */
  createDestination(partitions: number): Promise<string>;
  /** as a user's producer does, with a client of its own */
  publish(destination: string, messages: readonly SentMessage[]): Promise<void>;
  /** A user's consumer: takes that many messages, commits, and stays in the group until it is stopped. */
  consume(destination: string, group: string, messages: number): Promise<{ stop(): Promise<void> }>;
  /** without warning */
  kill(): Promise<void>;
  restart(): Promise<void>;
  close(): Promise<void>;
}
