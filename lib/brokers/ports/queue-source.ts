/** Taking messages out of a queue of our own, from a broker that keeps none once they are settled. */
import type { LogRecord } from "./log-source.ts";

/** What becomes of a message: the broker forgets it, gives it again, or gives it to nobody any more. */
export type SettleOutcome = "stored" | "return" | "reject";

export interface ReceivedMessage extends Omit<LogRecord, "offset"> {
  readonly destination: string;
  /** 16 bytes, the same at every delivery of this message: by them a second delivery is known */
  readonly ref: Uint8Array;
  /** how often it was delivered, as far as the broker counts */
  readonly deliveries: number | null;
  /**
   * Not before the transaction that stored the message has committed: a message that is settled first is lost with the
   * transaction, one that is settled late comes once more and is known by its `ref`. Rejects with a BrokerFault; then
   * the message comes again.
   */
  settle(outcome: SettleOutcome): Promise<void>;
}

export interface QueueSource {
  /** takes from exactly these destinations from now on */
  setDestinations(names: readonly string[]): void;
  /** The next messages, at most so many; none when the signal is aborted. Rejects with a BrokerFault. */
  receive(most: number, signal: AbortSignal): Promise<readonly ReceivedMessage[]>;
  stop(): Promise<void>;
}
