import type pg from "pg";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { readLastLeft, type LastLeftMember } from "#lib/store/groups/history-read.ts";

const GROUPS_PER_CYCLE = 500;

/** Which member left each empty group last. It is read once each time a group becomes empty. */
export class LastLeft {
  readonly #client: pg.Client;
  readonly #known = new Map<number, LastLeftMember>();

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /** `withPartitions`: the groups that have committed or have partitions; the others do not matter. */
  async read(
    groups: ReadonlyMap<number, GroupInfo>,
    withPartitions: Iterable<number>,
  ): Promise<ReadonlyMap<number, LastLeftMember>> {
    const isEmpty = (groupId: number) => groups.get(groupId)?.members.length === 0;
    for (const groupId of this.#known.keys()) if (!isEmpty(groupId)) this.#known.delete(groupId);
    const wanted = [...withPartitions].filter((groupId) => isEmpty(groupId) && !this.#known.has(groupId));
    for (const member of await readLastLeft(this.#client, wanted.slice(0, GROUPS_PER_CYCLE)))
      this.#known.set(member.groupId, member);
    return this.#known;
  }
}
