import type pg from "pg";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import { inTransaction } from "#lib/store/db/transaction.ts";
import { writeCommits } from "#lib/store/ingest/commits.ts";
import { destinationPartitionKey } from "../state/log-ends.ts";

/** The partitions of all groups together may be hundreds of thousands. */
const GROUPS_PER_POLL = 2000;

/** Polls what groups have committed where no commit log tells it. A committed offset that changed is a commit. */
export class CommitPoller {
  readonly #inspector: LogInspector;
  readonly #client: pg.Client;
  #known = new Map<number, Map<number, bigint>>();

  constructor(inspector: LogInspector, client: pg.Client) {
    this.#inspector = inspector;
    this.#client = client;
  }

  /** Of these groups, their ids by name; the others are forgotten. Writes the commits in transactions of its own. */
  async poll(groups: ReadonlyMap<string, number>, destinationOf: ReadonlyMap<string, number>): Promise<void> {
    const ids = new Set(groups.values());
    for (const groupId of this.#known.keys()) if (!ids.has(groupId)) this.#known.delete(groupId);
    const names = [...groups.keys()];
    for (let from = 0; from < names.length; from += GROUPS_PER_POLL) {
      const committed = await this.#inspector.committed(names.slice(from, from + GROUPS_PER_POLL));
      const latest = committed.flatMap(({ group, topic, partition, offset }) => {
        const groupId = groups.get(group);
        const destinationId = destinationOf.get(topic);
        if (groupId === undefined || destinationId === undefined) return [];
        if (!this.#learn(groupId, destinationPartitionKey(destinationId, partition), offset)) return [];
        return [{ groupId, destinationId, partition, offset, committedAtMs: Date.now() }];
      });
      await inTransaction(this.#client, () =>
        writeCommits({ client: this.#client, storedAtMs: Date.now() }, { latest }),
      );
    }
  }

  /** Whether that offset was not known. */
  #learn(groupId: number, key: number, offset: bigint): boolean {
    const known = this.#known.get(groupId) ?? new Map<number, bigint>();
    if (known.get(key) === offset) return false;
    this.#known.set(groupId, known.set(key, offset));
    return true;
  }
}
