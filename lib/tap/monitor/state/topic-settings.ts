import type pg from "pg";
import { readTopicSettings, type TopicSettingsRow } from "#lib/store/destinations/topic-settings-read.ts";

const READ_EVERY_MS = 30_000;

const UNKNOWN: TopicSettingsRow = { cleanupPolicy: null, retentionMs: null, retentionBytes: null };

/** The topics' settings as the database has them. */
export class TopicSettings {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  #settings: ReadonlyMap<number, TopicSettingsRow> = new Map();
  #readAtMs = 0;

  constructor(client: pg.Client, clusterId: number) {
    this.#client = client;
    this.#clusterId = clusterId;
  }

  async read(nowMs: number): Promise<SettingsOf> {
    if (nowMs - this.#readAtMs > READ_EVERY_MS) {
      this.#settings = await readTopicSettings(this.#client, this.#clusterId);
      this.#readAtMs = nowMs;
    }
    return settingsIn(this.#settings);
  }
}

export type SettingsOf = (destinationId: number) => TopicSettingsRow;

export const settingsIn =
  (settings: ReadonlyMap<number, TopicSettingsRow>): SettingsOf =>
  (destinationId) =>
    settings.get(destinationId) ?? UNKNOWN;

export const isCompacted = ({ cleanupPolicy }: TopicSettingsRow): boolean =>
  cleanupPolicy?.includes("compact") === true;
