/** The ids of the groups and topics that a commit log names. */
import type pg from "pg";
import { openGroupNames, type GroupNames } from "#lib/store/ingest/names.ts";
import { destinationIds } from "#lib/store/ingest/positions.ts";

const MAX_TOPICS = 100000;

export class CommitNames {
  readonly groups: GroupNames;
  readonly #pool: pg.Pool;
  readonly #clusterId: number;
  readonly #topics = new Map<string, number>();

  constructor(pool: pg.Pool, clusterId: number) {
    this.groups = openGroupNames(pool, clusterId);
    this.#pool = pool;
    this.#clusterId = clusterId;
  }

  destinationOf(topic: string): number | undefined {
    return this.#topics.get(topic);
  }

  /** The topics as they are now: one that was made anew has another destination. */
  update(topics: readonly { readonly topic: string; readonly destinationId: number }[]): void {
    for (const { topic, destinationId } of topics) if (this.#topics.has(topic)) this.#topics.set(topic, destinationId);
  }

  async resolve(group: string, topic: string | null): Promise<void> {
    if (this.groups.idOf(group) === undefined) await this.groups.resolve([group]);
    if (topic === null || this.#topics.has(topic)) return;
    if (this.#topics.size >= MAX_TOPICS) this.#topics.clear();
    for (const [name, id] of await destinationIds(this.#pool, this.#clusterId, [topic])) this.#topics.set(name, id);
  }
}
