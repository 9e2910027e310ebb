import type pg from "pg";
import type { DestinationInfo } from "#lib/brokers/ports/inspector.ts";
import { destinationsOf, markGoneDestinations } from "#lib/store/destinations/destinations-write.ts";

const RECORD_AGAIN_MS = 30_000;

/** Keeps the ids of a cluster's topics, and marks in the database the topics that are gone. */
export class DestinationRecorder {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  #idOf = new Map<string, number>();
  #recorded = { names: "", atMs: 0 };

  constructor(client: pg.Client, clusterId: number) {
    this.#client = client;
    this.#clusterId = clusterId;
  }

  /** Inside the caller's transaction. Answers the ids by name. */
  async record(topics: readonly DestinationInfo[]): Promise<ReadonlyMap<string, number>> {
    const names = topics.map(({ name }) => name);
    if (names.some((name) => !this.#idOf.has(name))) await this.#readIds();
    const joined = names.join("\n");
    if (joined !== this.#recorded.names || Date.now() - this.#recorded.atMs >= RECORD_AGAIN_MS) {
      await markGoneDestinations(this.#client, this.#clusterId, names);
      await this.#readIds();
      this.#recorded = { names: joined, atMs: Date.now() };
    }
    return this.#idOf;
  }

  async #readIds(): Promise<void> {
    this.#idOf = await destinationsOf(this.#client, this.#clusterId);
  }
}
