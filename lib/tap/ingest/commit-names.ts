/** The ids of the groups and topics that a commit log names. */
import type pg from "pg";
import type { CommitLogEntry } from "#lib/brokers/ports/commit-log.ts";
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
    if (this.#topics.size + topics.length > MAX_TOPICS) this.#topics.clear();
    for (const { topic, destinationId } of topics) this.#topics.set(topic, destinationId);
  }

  areKnown(entry: CommitLogEntry): boolean {
    return this.groups.idOf(entry.group) !== undefined && (entry.kind !== "commit" || this.#topics.has(entry.topic));
  }

  /** Makes the names of all these known. */
  async resolve(entries: readonly CommitLogEntry[]): Promise<void> {
    const groups = new Set(entries.map(({ group }) => group).filter((group) => this.groups.idOf(group) === undefined));
    if (groups.size > 0) await this.groups.resolve([...groups]);
    const topics = new Set(
      entries.flatMap((entry) => (entry.kind === "commit" && !this.#topics.has(entry.topic) ? [entry.topic] : [])),
    );
    if (topics.size === 0) return;
    if (this.#topics.size + topics.size > MAX_TOPICS) this.#topics.clear();
    for (const [name, id] of await destinationIds(this.#pool, this.#clusterId, [...topics])) this.#topics.set(name, id);
  }
}
