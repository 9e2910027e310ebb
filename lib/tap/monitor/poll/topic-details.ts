/** What is asked of topics once a minute, and may be refused: their settings and the sizes of their logs. */
import type pg from "pg";
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { PartitionRef } from "#lib/brokers/ports/partition.ts";
import { writeSettings } from "#lib/store/destinations/destinations-write.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import { ifAllowed } from "./if-allowed.ts";

const SETTINGS_EVERY_MS = 60_000;
const SIZES_EVERY_MS = 60_000;

export class TopicSettingsPoller {
  readonly #inspector: LogInspector;
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #log: Logger;
  #polledAtMs = 0;

  constructor(inspector: LogInspector, client: pg.Client, clusterId: number, log: Logger) {
    this.#inspector = inspector;
    this.#client = client;
    this.#clusterId = clusterId;
    this.#log = log;
  }

  async poll(topics: readonly string[], nowMs: number): Promise<void> {
    if (nowMs - this.#polledAtMs < SETTINGS_EVERY_MS) return;
    this.#polledAtMs = nowMs;
    await ifAllowed(this.#log, "the topics' settings", async () =>
      writeSettings(this.#client, this.#clusterId, await this.#inspector.settings(topics)),
    );
  }
}

export class LogSizes {
  readonly #inspector: LogInspector;
  readonly #log: Logger;
  #sizes: ReadonlyMap<string, bigint> = new Map();
  #polledAtMs = 0;

  constructor(inspector: LogInspector, log: Logger) {
    this.#inspector = inspector;
    this.#log = log;
  }

  async poll(topics: readonly string[], nowMs: number): Promise<void> {
    if (nowMs - this.#polledAtMs < SIZES_EVERY_MS) return;
    this.#polledAtMs = nowMs;
    await ifAllowed(this.#log, "the logs' sizes", async () => {
      this.#sizes = await this.#inspector.logSizes(topics);
    });
  }

  /** Bytes on the leader's disks; null: not known. */
  of(partition: PartitionRef): bigint | null {
    return this.#sizes.get(partitionKey(partition)) ?? null;
  }
}
