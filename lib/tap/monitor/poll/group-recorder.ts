/**
 * Keeps in the database what the broker says of groups and their members, writing what changed, and what
 * happened to them.
 */
import type pg from "pg";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { openGroupServices, servicesByName } from "#lib/domain/correlation/group-service.ts";
import {
  endSessions,
  readGenerations,
  readOpenSessions,
  writeGroupEvents,
  writeSessions,
  type GroupEventRow,
  type SessionMember,
} from "#lib/store/groups/history-write.ts";
import { readServiceNames } from "#lib/store/destinations/destinations-write.ts";
import {
  markGoneGroups,
  readGroupIds,
  writeGroups,
  writeMembers,
  type AssignmentRow,
  type GroupRow,
} from "#lib/store/groups/groups-write.ts";
import { MemberChanges } from "./member-changes.ts";

const GONE_EVERY_MS = 30_000;

type GroupServices = Parameters<typeof openGroupServices>[0];

export class GroupRecorder {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #configured: GroupServices;
  #ids = new Map<string, number>();
  #written = new Map<string, string>();
  #members = new Map<number, GroupInfo["members"]>();
  #reassigned = new Set<number>();
  #changes: MemberChanges | null = null;
  readonly #generations = new Map<
    number,
    { readonly generation: number; readonly members: number; readonly atMs: number }
  >();
  #lastEventId: bigint | null = null;
  #goneAt = 0;
  #services: { readonly names: string; readonly of: ReturnType<typeof openGroupServices> } | null = null;

  constructor(client: pg.Client, clusterId: number, configured: GroupServices) {
    this.#client = client;
    this.#clusterId = clusterId;
    this.#configured = configured;
  }

  get ids(): ReadonlyMap<string, number> {
    return this.#ids;
  }

  /** Of a classic group, as its commit log last told; null: not told. */
  generationOf = (group: string): number | null =>
    this.#generations.get(this.#ids.get(group) ?? -1)?.generation ?? null;

  /** The groups whose partitions have been written for other members since this was last asked. */
  takeReassigned(): ReadonlySet<number> {
    const taken = this.#reassigned;
    this.#reassigned = new Set();
    return taken;
  }

  /** Reads what other processes have written since the last turn, and on the first one what was known before. */
  async catchUp(): Promise<void> {
    if (this.#changes === null) {
      this.#ids = await readGroupIds(this.#client, this.#clusterId);
      this.#changes = new MemberChanges(await readOpenSessions(this.#client, this.#clusterId));
    }
    for (const { eventId: markId, groupId, generation, members, atMs } of await readGenerations(
      this.#client,
      this.#clusterId,
      this.#lastEventId,
    )) {
      if (atMs >= (this.#generations.get(groupId)?.atMs ?? -Infinity))
        this.#generations.set(groupId, { generation, members, atMs });
      if (this.#lastEventId === null || markId > this.#lastEventId) this.#lastEventId = markId;
    }
    const names = await readServiceNames(this.#client);
    if (this.#services?.names !== names.join("\n"))
      this.#services = { names: names.join("\n"), of: openGroupServices(this.#configured, servicesByName(names)) };
  }

  /**
   * Inside the caller's transaction. `isDescribed`: whether the members are what the broker said, or not asked for yet.
   */
  async write(
    infos: readonly GroupInfo[],
    isDescribed: (group: string) => boolean,
    tellsGenerations: boolean,
    destinations: ReadonlyMap<string, number>,
    nowMs: number,
  ): Promise<void> {
    // What is only remembered of a group is not news, and its members may not be known yet.
    const news = infos.filter((info) => info.fault === null && isDescribed(info.group));
    await this.#writeGroups(news);
    await this.#writeHistory(news, tellsGenerations, nowMs);
    await this.#writeMembers(news, destinations);
    await this.#markGone(infos, nowMs);
  }

  async #writeGroups(infos: readonly GroupInfo[]): Promise<void> {
    const changed: GroupRow[] = [];
    for (const info of infos) {
      const found = this.#services?.of(info.group);
      const said = `${info.protocol} ${info.state} ${info.members.length} ${info.coordinator} ${info.generation} ${found?.service} ${found?.knownBy}`;
      if (this.#written.get(info.group) === said) continue;
      this.#written.set(info.group, said);
      const told = this.#generations.get(this.#ids.get(info.group) ?? -1);
      changed.push({
        info,
        emptySinceMs: told?.members === 0 ? told.atMs : null,
        service: found?.service ?? null,
        serviceKnownBy: found?.knownBy ?? null,
      });
    }
    for (const [name, id] of await writeGroups(this.#client, this.#clusterId, changed)) this.#ids.set(name, id);
  }

  async #writeHistory(infos: readonly GroupInfo[], tellsGenerations: boolean, nowMs: number): Promise<void> {
    const marks: GroupEventRow[] = [];
    const spells = {
      joined: [] as SessionMember[],
      left: [] as { groupId: number; memberId: string }[],
      moved: [] as SessionMember[],
    };
    for (const info of infos) {
      const groupId = this.#ids.get(info.group);
      // The very same answer as before has no news.
      if (groupId === undefined || this.#members.get(groupId) === info.members) continue;
      const change = this.#changes?.add(groupId, info, tellsGenerations, nowMs);
      if (change === undefined) continue;
      marks.push(...change.events);
      spells.joined.push(...change.sessions.joined);
      spells.left.push(...change.sessions.left);
      spells.moved.push(...change.sessions.moved);
    }
    await writeGroupEvents(this.#client, marks);
    await writeSessions(this.#client, spells, nowMs);
  }

  async #writeMembers(infos: readonly GroupInfo[], destinations: ReadonlyMap<string, number>): Promise<void> {
    const changed = new Map<number, GroupInfo["members"]>();
    const assignments: AssignmentRow[] = [];
    for (const info of infos) {
      const groupId = this.#ids.get(info.group);
      if (groupId === undefined) continue;
      const before = this.#members.get(groupId);
      if (
        before === info.members ||
        (before !== undefined && JSON.stringify(before.map(shown)) === JSON.stringify(info.members.map(shown)))
      ) {
        this.#members.set(groupId, info.members);
        continue;
      }
      this.#members.set(groupId, info.members);
      changed.set(groupId, info.members);
      this.#reassigned.add(groupId);
      for (const member of info.members) {
        for (const ref of member.assignment) {
          const destinationId = destinations.get(ref.topic);
          if (destinationId !== undefined)
            assignments.push({ groupId, destinationId, partition: ref.partition, memberId: member.memberId });
          // A topic that is not known yet: the group is written again when it is.
          else this.#members.delete(groupId);
        }
      }
    }
    await writeMembers(this.#client, changed, assignments);
  }

  async #markGone(infos: readonly GroupInfo[], nowMs: number): Promise<void> {
    const present = new Set(infos.map((info) => info.group));
    const missing = [...this.#written.keys()].filter((group) => !present.has(group));
    if (missing.length === 0 && nowMs - this.#goneAt < GONE_EVERY_MS) return;
    this.#goneAt = nowMs;
    const gone = await markGoneGroups(this.#client, this.#clusterId, [...present]);
    await endSessions(this.#client, gone);
    this.#changes?.forget(gone);
    for (const groupId of gone) {
      this.#members.delete(groupId);
      this.#generations.delete(groupId);
    }
    for (const group of missing) {
      this.#written.delete(group);
      this.#ids.delete(group);
    }
  }
}

/** Of a member what its table keeps. */
const shown = ({ memberId, clientId, host, assignment }: GroupInfo["members"][number]) => [
  memberId,
  clientId,
  host,
  assignment,
];
