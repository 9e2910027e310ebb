/** Turns records of the commit log into rows of committed offsets and of rebalances. */
import type { CommitEntry, CommitLog, GenerationEntry } from "#lib/brokers/ports/commit-log.ts";
import type { LogRecord } from "#lib/brokers/ports/log-source.ts";
import { writeCommits, writeGenerations, type CommitRow, type GenerationRow } from "#lib/store/ingest/commits.ts";
import type { Flush } from "#lib/store/ingest/flush.ts";
import { canBeNamed } from "#lib/store/ingest/names.ts";
import type { FlushBuffer, ReadPartition } from "./flush-buffer.ts";
import { storableText } from "#lib/domain/text/text.ts";
import { insertQuarantine, type QuarantineRow } from "#lib/store/ingest/quarantine.ts";
import type { CommitNames } from "./commit-names.ts";

const MAX_TIME_MS = 253_402_300_799_999;

export class CommitBuffer implements FlushBuffer {
  readonly #commitLog: CommitLog;
  readonly #names: CommitNames;
  readonly #isOurs: (group: string) => boolean;
  /** by group, then by partition */
  readonly #latest = new Map<number, Map<string, CommitRow>>();
  /**
   * by group, then by partition: the last commit before a change of members. Whether a member committed an offset shows
   * only in the members of that time.
   */
  readonly #before = new Map<number, Map<string, CommitRow>>();
  #rows = 0;
  /** by group: the first and the last generation; the last one's count stands for those between */
  readonly #generations = new Map<number, GenerationRow[]>();
  readonly #quarantined: QuarantineRow[] = [];
  #records = 0;
  #refused = false;

  constructor(commitLog: CommitLog, names: CommitNames, isOurs: (group: string) => boolean) {
    this.#commitLog = commitLog;
    this.#names = names;
    this.#isOurs = isOurs;
  }

  get records(): number {
    return this.#records;
  }

  get bytes(): number {
    return 150 * (this.#rows + this.#quarantined.length) + 1000 * this.#generations.size;
  }

  add(at: ReadPartition, record: LogRecord): (() => Promise<void>) | null {
    const read =
      record.unreadable !== undefined ? { ok: false as const, error: record.unreadable } : this.#commitLog.read(record);
    if (!read.ok) {
      this.quarantine(at, record, read.error);
      return null;
    }
    if (
      read.value !== null &&
      !this.#isOurs(read.value.group) &&
      canBeNamed(read.value.group) &&
      (read.value.kind !== "commit" || canBeNamed(read.value.topic))
    ) {
      const wait = read.value.kind === "commit" ? this.#addCommit(read.value) : this.#addGeneration(read.value, record);
      if (wait !== null) return wait;
    }
    this.#records++;
    return null;
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

  #addCommit({ group, topic, partition, commit }: CommitEntry): (() => Promise<void>) | null {
    const groupId = this.#names.groups.idOf(group);
    const destinationId = this.#names.destinationOf(topic);
    if (groupId === undefined || destinationId === undefined) return () => this.#names.resolve(group, topic);
    const row = {
      groupId,
      destinationId,
      partition,
      offset: commit?.offset ?? null,
      committedAtMs: boundedMs(commit?.committedAtMs ?? 0),
    };
    this.#rows += put(this.#latest, row);
    return null;
  }

  #addGeneration(
    { group, generation, atMs, memberCount, clients }: GenerationEntry,
    record: LogRecord,
  ): (() => Promise<void>) | null {
    const groupId = this.#names.groups.idOf(group);
    if (groupId === undefined) return () => this.#names.resolve(group, null);
    const [first, last] = this.#generations.get(groupId) ?? [];
    if ((last ?? first)?.generation === generation) return null;
    for (const commit of this.#latest.get(groupId)?.values() ?? []) this.#rows += put(this.#before, commit);
    const row: GenerationRow = {
      groupId,
      generation,
      atMs: boundedMs(atMs ?? record.timestampMs),
      members: memberCount,
      clients: clients.map(storableText),
      count: (last?.count ?? 0) + 1,
    };
    this.#generations.set(groupId, first === undefined ? [row] : [first, row]);
    return null;
  }

  async write(flush: Flush): Promise<void> {
    if (!this.#refused) {
      const latest = [...this.#latest.values()].flatMap((own) => [...own.values()]);
      const before = [...this.#before].flatMap(([groupId, own]) =>
        [...own].flatMap(([key, row]) => (this.#latest.get(groupId)?.get(key) === row ? [] : [row])),
      );
      await writeCommits(flush, { latest, before });
      await writeGenerations(flush, [...this.#generations.values()].flat());
    }
    await insertQuarantine(flush, this.#quarantined);
  }

  stored(): { stored: number; quarantined: number } {
    return { stored: this.#records - this.#quarantined.length, quarantined: this.#quarantined.length };
  }

  refuse(): void {
    this.#refused = true;
  }

  clear(): void {
    this.#refused = false;
    this.#latest.clear();
    this.#before.clear();
    this.#rows = 0;
    this.#generations.clear();
    this.#quarantined.length = 0;
    this.#records = 0;
  }
}

/** Returns how many rows that adds: 1, or 0 when it replaces a row. */
function put(rows: Map<number, Map<string, CommitRow>>, row: CommitRow): number {
  let own = rows.get(row.groupId);
  if (own === undefined) rows.set(row.groupId, (own = new Map<string, CommitRow>()));
  const { size } = own;
  own.set(`${row.destinationId} ${row.partition}`, row);
  return own.size - size;
}

const boundedMs = (ms: number): number => Math.min(Math.max(ms, 0), MAX_TIME_MS);
