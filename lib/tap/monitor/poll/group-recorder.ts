/** Records groups, their members and what happened to them in the database, writing only what changed. */
import type pg from "pg";
import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import { openGroupServices, servicesByName, type GroupService } from "#lib/domain/correlation/group-service.ts";
import { withPublisherRules, type PublisherSettings } from "#lib/domain/publisher/rules.ts";
import {
  readGenerations,
  writeGroupEvents,
  type Generation,
  type GroupEventRow,
} from "#lib/store/groups/history-write.ts";
import { readServiceNames } from "#lib/store/destinations/destinations-write.ts";
import { markGoneGroups, readGroupIds, writeGroups, type GroupRow } from "#lib/store/groups/groups-write.ts";
import { writeMembers, type AssignmentRow } from "#lib/store/groups/members-write.ts";
import { endSessions, readOpenSessions, writeSessions, type SessionMember } from "#lib/store/groups/sessions-write.ts";
import { readGroupServiceNames } from "#lib/store/publishers/producers-read.ts";
import { readPublisherRules } from "#lib/store/publishers/rules-read.ts";
import { MemberChanges } from "./member-changes.ts";

const MARK_GONE_EVERY_MS = 30_000;

export class GroupRecorder {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #configured: PublisherSettings;
  #ids = new Map<string, number>();
  readonly #written = new Map<string, string>();
  readonly #members = new Map<number, GroupInfo["members"]>();
  #reassigned = new Set<number>();
  #changes: MemberChanges | null = null;
  readonly #generations = new Map<number, Pick<Generation, "generation" | "members" | "atMs">>();
  #lastEventId: bigint | null = null;
  #markedGoneAtMs = 0;
  #services: { readonly known: string; readonly of: ReturnType<typeof openGroupServices> } | null = null;
  /** by group: what the producers that commit its offsets name */
  #ofProducers: ReadonlyMap<number, string> = new Map();

  constructor(client: pg.Client, clusterId: number, configured: PublisherSettings) {
    this.#client = client;
    this.#clusterId = clusterId;
    this.#configured = configured;
  }

  /** by name */
  get ids(): ReadonlyMap<string, number> {
    return this.#ids;
  }

  /** Of a classic group, the last generation in its commit log; null: not known. */
  generationOf = (group: string): number | null => this.#generationOf(group)?.generation ?? null;

  /** The groups whose assignments were written since this was last called. */
  takeReassigned(): ReadonlySet<number> {
    const taken = this.#reassigned;
    this.#reassigned = new Set();
    return taken;
  }

  /** Reads what other processes have written since the last cycle, and in the first cycle what an earlier run knew. */
  async catchUp(): Promise<void> {
    if (this.#changes === null) {
      this.#ids = await readGroupIds(this.#client, this.#clusterId);
      this.#changes = new MemberChanges(await readOpenSessions(this.#client, this.#clusterId));
    }
    const generations = await readGenerations(this.#client, this.#clusterId, this.#lastEventId);
    for (const { eventId, groupId, generation, members, atMs } of generations) {
      if (atMs >= (this.#generations.get(groupId)?.atMs ?? -Infinity))
        this.#generations.set(groupId, { generation, members, atMs });
      if (this.#lastEventId === null || eventId > this.#lastEventId) this.#lastEventId = eventId;
    }
    const services = await readServiceNames(this.#client);
    const rules = await readPublisherRules(this.#client);
    const known = JSON.stringify([services, rules]);
    if (this.#services?.known !== known) {
      const { groupServices } = withPublisherRules(this.#configured, rules);
      this.#services = { known, of: openGroupServices(groupServices, servicesByName(services)) };
    }
    this.#ofProducers = await readGroupServiceNames(this.#client);
  }

  /**
   * Inside the caller's transaction. `isDescribed`: whether the broker has described the members of a group.
   * `tellsGenerations`: the commit log tells when a classic group rebalances.
   */
  async write(
    infos: readonly GroupInfo[],
    isDescribed: (group: string) => boolean,
    tellsGenerations: boolean,
    destinationOf: ReadonlyMap<string, number>,
    nowMs: number,
  ): Promise<void> {
    // A group with a fault is only remembered: nothing new is known of it, and perhaps not even its members.
    const known = infos.filter((info) => info.fault === null && isDescribed(info.group));
    await this.#writeGroups(known);
    await this.#writeHistory(known, tellsGenerations, nowMs);
    await this.#writeMembers(known, destinationOf);
    await this.#markGone(infos, nowMs);
  }

  async #writeGroups(infos: readonly GroupInfo[]): Promise<void> {
    const changed: GroupRow[] = [];
    for (const info of infos) {
      const found = this.#serviceOf(info.group);
      const [service, knownBy] = [found?.service ?? null, found?.knownBy ?? null];
      const signature = signatureOf(info, service, knownBy);
      if (this.#written.get(info.group) === signature) continue;
      this.#written.set(info.group, signature);
      const last = this.#generationOf(info.group);
      const emptySinceMs = last?.members === 0 ? last.atMs : null;
      changed.push({ info, emptySinceMs, service, serviceKnownBy: knownBy });
    }
    for (const [name, id] of await writeGroups(this.#client, this.#clusterId, changed)) this.#ids.set(name, id);
  }

  #serviceOf(group: string): GroupService | null {
    const found = this.#services?.of(group) ?? null;
    if (found?.knownBy === "declared") return found;
    const service = this.#ofProducers.get(this.#ids.get(group) ?? -1);
    return service === undefined ? found : { service, knownBy: "declared" };
  }

  async #writeHistory(infos: readonly GroupInfo[], tellsGenerations: boolean, nowMs: number): Promise<void> {
    const events: GroupEventRow[] = [];
    const joined: SessionMember[] = [];
    const left: { groupId: number; memberId: string }[] = [];
    const moved: SessionMember[] = [];
    for (const info of infos) {
      const groupId = this.#ids.get(info.group);
      // The very same members as before: nothing happened.
      if (groupId === undefined || this.#members.get(groupId) === info.members) continue;
      const change = this.#changes?.add(groupId, info, tellsGenerations, nowMs);
      if (change === undefined) continue;
      events.push(...change.events);
      joined.push(...change.sessions.joined);
      left.push(...change.sessions.left);
      moved.push(...change.sessions.moved);
    }
    await writeGroupEvents(this.#client, events);
    await writeSessions(this.#client, { joined, left, moved }, nowMs);
  }

  async #writeMembers(infos: readonly GroupInfo[], destinationOf: ReadonlyMap<string, number>): Promise<void> {
    const changed = new Map<number, GroupInfo["members"]>();
    const assignments: AssignmentRow[] = [];
    for (const info of infos) {
      const groupId = this.#ids.get(info.group);
      if (groupId === undefined) continue;
      const before = this.#members.get(groupId);
      this.#members.set(groupId, info.members);
      if (before !== undefined && isSameMembers(before, info.members)) continue;
      changed.set(groupId, info.members);
      this.#reassigned.add(groupId);
      for (const { memberId, assignment } of info.members) {
        for (const { topic, partition } of assignment) {
          const destinationId = destinationOf.get(topic);
          if (destinationId !== undefined) assignments.push({ groupId, destinationId, partition, memberId });
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
    if (missing.length === 0 && nowMs - this.#markedGoneAtMs < MARK_GONE_EVERY_MS) return;
    this.#markedGoneAtMs = nowMs;
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

  #generationOf(group: string): Pick<Generation, "generation" | "members" | "atMs"> | undefined {
    const groupId = this.#ids.get(group);
    return groupId === undefined ? undefined : this.#generations.get(groupId);
  }
}

const signatureOf = (info: GroupInfo, service: string | null, knownBy: string | null): string =>
  `${info.protocol} ${info.state} ${info.members.length} ${info.coordinator} ${info.generation} ${service} ${knownBy}`;

/** As far as the table of members shows them. */
function isSameMembers(a: GroupInfo["members"], b: GroupInfo["members"]): boolean {
  const shown = ({ memberId, clientId, host, assignment }: GroupInfo["members"][number]) => [
    memberId,
    clientId,
    host,
    assignment,
  ];
  return a === b || JSON.stringify(a.map(shown)) === JSON.stringify(b.map(shown));
}
