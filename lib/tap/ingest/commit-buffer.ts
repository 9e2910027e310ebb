/** Turns records of the commit log into rows of committed offsets and of rebalances. */
import type { CommitEntry, CommitLog, CommitLogEntry, GenerationEntry } from "#lib/brokers/ports/commit-log.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import { writeCommits, writeGenerations, type CommitRow, type GenerationRow } from "#lib/store/ingest/commits.ts";
import type { Flush } from "#lib/store/ingest/flush.ts";
import { canBeNamed } from "#lib/store/ingest/names.ts";
import type { FlushBuffer, Preparation, ReadPartition } from "./flush-buffer.ts";
import { storableTimeMs } from "#lib/domain/message/times.ts";
import { storableText } from "#lib/domain/text/text.ts";
import { insertQuarantine, type QuarantineRow } from "#lib/store/ingest/quarantine.ts";
import type { ProducerGroup } from "#lib/store/publishers/producers-write.ts";
import type { KnownProducers } from "../publishers/known-producers.ts";
import { isRefusal } from "#lib/store/db/refusal.ts";
import type { CommitNames } from "./commit-names.ts";

interface Latest {
  readonly row: CommitRow;
  /** of this flush */
  readonly isFirst: boolean;
  readonly wentBack: boolean;
}

export class CommitBuffer implements FlushBuffer {
  readonly #commitLog: CommitLog;
  readonly #names: CommitNames;
  readonly #producers: KnownProducers;
  readonly #isOurs: (group: string) => boolean;
  /** by group, then by partition */
  readonly #latest = new Map<number, Map<string, Latest>>();
  /** What the history needs of those before the latest. */
  readonly #passed = new Set<CommitRow>();
  #partitions = 0;
  /** by group: the first and the last generation; the last one's count stands for those between */
  readonly #generations = new Map<number, GenerationRow[]>();
  /** by producer and group: the last commit in a transaction */
  readonly #transactions = new Map<string, ProducerGroup>();
  readonly #quarantined: QuarantineRow[] = [];
  #records = 0;
  #refused = false;

  constructor(commitLog: CommitLog, names: CommitNames, producers: KnownProducers, isOurs: (group: string) => boolean) {
    this.#commitLog = commitLog;
    this.#names = names;
    this.#producers = producers;
    this.#isOurs = isOurs;
  }

  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return 150 * (this.#partitions + this.#passed.size + this.#quarantined.length) + 1000 * this.#generations.size;
  }

  add(at: ReadPartition, record: LogRecord): Preparation | null {
    const read =
      record.unreadable !== undefined ? { ok: false as const, error: record.unreadable } : this.#commitLog.read(record);
    if (!read.ok) {
      this.quarantine(at, record, read.error);
      return null;
    }
    const entry = read.value;
    if (entry !== null && this.#counts(entry)) {
      if (!this.#names.areKnown(entry)) return (ahead) => this.#learn(entry, ahead);
      if (entry.kind === "commit") this.#addCommit(entry, record);
      else this.#addGeneration(entry, record);
    }
    this.#records++;
    return null;
  }

  #counts(entry: CommitLogEntry): boolean {
    const { group } = entry;
    return !this.#isOurs(group) && canBeNamed(group) && (entry.kind !== "commit" || canBeNamed(entry.topic));
  }

  /** A log that is read for the first time names thousands of groups: their ids are asked for many at a time. */
  async #learn(entry: CommitLogEntry, ahead: readonly LogRecord[]): Promise<void> {
    try {
      await this.#names.resolve(this.#entriesOf(ahead));
    } catch (error) {
      // Another record's name may be at fault.
      if (!isRefusal(error)) throw error;
      await this.#names.resolve([entry]);
    }
  }

  #entriesOf(records: readonly LogRecord[]): CommitLogEntry[] {
    return records.flatMap((record) => {
      const read = record.unreadable === undefined ? this.#commitLog.read(record) : null;
      return read?.ok === true && read.value !== null && this.#counts(read.value) ? [read.value] : [];
    });
  }

  quarantine(at: ReadPartition, record: LogRecord, reason: string): void {
    this.#quarantined.push({
      destinationId: at.destinationId,
      partition: at.partition,
      position: record.offset,
      reason: storableText(reason.slice(0, 500)),
    });
    this.#records++;
  }

  #addCommit({ group, topic, partition, commit }: CommitEntry, record: LogRecord): void {
    const groupId = this.#names.groups.idOf(group);
    const destinationId = this.#names.destinationOf(topic);
    if (groupId === undefined || destinationId === undefined) return;
    const row = {
      groupId,
      destinationId,
      partition,
      offset: commit?.offset ?? null,
      committedAtMs: storableTimeMs(commit?.committedAtMs ?? 0),
    };
    this.#put(row);
    // Offsets committed in a transaction: the same producer writes the output of the group.
    if (record.producer?.isTransactional === true && row.offset !== null) {
      const { id: producerId } = record.producer;
      this.#transactions.set(`${producerId} ${groupId}`, { producerId, groupId, atMs: row.committedAtMs });
    }
  }

  /**
   * Of many commits of one partition only those are kept that tell how far it went back: the first, because the one
   * before it lies in an earlier flush, and those between which the direction changes.
   */
  #put(row: CommitRow): void {
    const own = this.#latest.get(row.groupId) ?? new Map<string, Latest>();
    const key = `${row.destinationId} ${row.partition}`;
    const last = own.get(key);
    if (last === undefined) this.#partitions++;
    const [from, to] = [last?.row.offset ?? null, row.offset];
    const goesBack = from !== null && to !== null && to < from;
    if (last !== undefined && from !== null && (last.isFirst || last.wentBack || goesBack)) this.#passed.add(last.row);
    // The order of those that are kept is that of their times.
    const committedAtMs = Math.max(row.committedAtMs, (last?.row.committedAtMs ?? -1) + 1);
    own.set(key, { row: { ...row, committedAtMs }, isFirst: last === undefined, wentBack: goesBack });
    this.#latest.set(row.groupId, own);
  }

  #addGeneration({ group, generation, atMs, memberCount, clients }: GenerationEntry, record: LogRecord): void {
    const groupId = this.#names.groups.idOf(group);
    if (groupId === undefined) return;
    const [first, last] = this.#generations.get(groupId) ?? [];
    if ((last ?? first)?.generation === generation) return;
    // Whether a member committed an offset shows only in the members of that time.
    for (const { row } of this.#latest.get(groupId)?.values() ?? []) if (row.offset !== null) this.#passed.add(row);
    const row: GenerationRow = {
      groupId,
      generation,
      atMs: storableTimeMs(atMs ?? record.timestampMs),
      members: memberCount,
      clients: clients.map(storableText),
      count: (last?.count ?? 0) + 1,
    };
    this.#generations.set(groupId, first === undefined ? [row] : [first, row]);
  }

  async write(flush: Flush): Promise<void> {
    if (!this.#refused) {
      const latest = [...this.#latest.values()].flatMap((own) => Array.from(own.values(), ({ row }) => row));
      const isLatest = new Set(latest);
      await writeCommits(flush, { latest, before: [...this.#passed].filter((row) => !isLatest.has(row)) });
      await writeGenerations(flush, [...this.#generations.values()].flat());
    }
    await insertQuarantine(flush, this.#quarantined);
  }

  stored(): { stored: number; quarantined: number } {
    this.#producers.addGroups([...this.#transactions.values()]);
    return { stored: this.#records - this.#quarantined.length, quarantined: this.#quarantined.length };
  }

  refuse(): void {
    this.#refused = true;
  }

  clear(): void {
    this.#refused = false;
    this.#latest.clear();
    this.#passed.clear();
    this.#partitions = 0;
    this.#generations.clear();
    this.#transactions.clear();
    this.#quarantined.length = 0;
    this.#records = 0;
  }
}
