/** The memory of every place that groups stand on, at work or at rest. Grows with them, not with time. */
import { addDone } from "#lib/domain/health/log/pace.ts";
import type { PartitionStateRow } from "#lib/store/groups/states-read.ts";
import type { GroupPartitionRef } from "../../group-partition.ts";
import { destinationPartitionKey, type LogFacts } from "./log-ends.ts";
import { CompactPartitionState } from "./compact-partition-state.ts";
import { newPartitionState, type PartitionState } from "./partition-state.ts";

type State = PartitionState | CompactPartitionState;

export class PartitionStates {
  readonly #groups = new Map<number, Map<number, State>>();
  #read = 0;
  #evaluatedAtMs = 0;

  get groupIds(): Iterable<number> {
    return this.#groups.keys();
  }

  beginRead(): void {
    this.#read++;
  }

  /** What one group's place on a partition is now; each comes once in a look. */
  put(row: PartitionStateRow): void {
    let own = this.#groups.get(row.groupId);
    if (own === undefined) this.#groups.set(row.groupId, (own = new Map<number, State>()));
    const key = destinationPartitionKey(row.destinationId, row.partition);
    const known = own.get(key);
    if (known === undefined) {
      const memory = newPartitionState(row, this.#read);
      own.set(key, CompactPartitionState.of(memory, null, false) ?? memory);
    } else if (!(known instanceof CompactPartitionState) || !known.put(row, this.#read)) {
      const memory = this.#expand(row.groupId, own, key, known);
      memory.row = row;
      memory.lastRead = this.#read;
    }
  }

  /** All have been seen that these groups have: their others are forgotten. */
  endRead(groupIds: Iterable<number> = this.#groups.keys()): void {
    for (const groupId of groupIds) {
      const own = this.#groups.get(groupId);
      if (own === undefined) continue;
      for (const [key, place] of own) if (place.lastRead !== this.#read) own.delete(key);
      if (own.size === 0) this.#groups.delete(groupId);
    }
  }

  /** All places have been judged. */
  endEvaluation(nowMs: number): void {
    this.#evaluatedAtMs = nowMs;
  }

  of({ groupId, destinationId, partition }: GroupPartitionRef): State | undefined {
    return this.#groups.get(groupId)?.get(destinationPartitionKey(destinationId, partition));
  }

  /** Something has become of it. One at rest stays so where it can, and is looked at. */
  update<T>(
    { groupId, destinationId, partition }: GroupPartitionRef,
    work: (memory: PartitionState) => T,
  ): T | undefined {
    const own = this.#groups.get(groupId);
    const key = destinationPartitionKey(destinationId, partition);
    const place = own?.get(key);
    if (own === undefined || place === undefined) return undefined;
    if (!(place instanceof CompactPartitionState)) return work(place);
    const memory = place.expand(groupId, key);
    const done = work(memory);
    own.set(key, CompactPartitionState.of(memory, null, true) ?? this.#withNewPace(memory));
    return done;
  }

  /** The offset committed last; undefined: nobody stands there. */
  committedOffset(ref: GroupPartitionRef): bigint | null | undefined {
    const place = this.of(ref);
    return place instanceof CompactPartitionState ? place.committedOffset : place?.row.committedOffset;
  }

  setCompact(groupId: number, key: number, place: CompactPartitionState): void {
    this.#groups.get(groupId)?.set(key, place);
  }

  /** Of a group each place on whose log something is known. Those at rest wake when anything has changed. */
  *ofGroup(
    groupId: number,
    factsOf: (key: number) => LogFacts | undefined,
  ): Generator<readonly [key: number, facts: LogFacts, place: State]> {
    const own = this.#groups.get(groupId);
    if (own === undefined) return;
    for (const [key, place] of own) {
      const facts = factsOf(key);
      if (facts !== undefined)
        yield [
          key,
          facts,
          place instanceof CompactPartitionState && place.isUpToDate(facts)
            ? place
            : this.#expand(groupId, own, key, place),
        ];
    }
  }

  /** Those at work, and of those at rest the ones on whose log something may wait. */
  *mayLag(
    factsOf: (key: number) => LogFacts | undefined,
  ): Generator<readonly [key: number, facts: LogFacts, memory: PartitionState]> {
    for (const [groupId, own] of this.#groups) {
      for (const [key, place] of own) {
        const facts = factsOf(key);
        if (
          facts === undefined ||
          (place instanceof CompactPartitionState &&
            (place.isUpToDate(facts) || place.committedOffset === null || place.committedOffset >= facts.endOffset))
        )
          continue;
        yield [key, facts, this.#expand(groupId, own, key, place)];
      }
    }
  }

  *refs(): Generator<GroupPartitionRef> {
    for (const [groupId, own] of this.#groups)
      for (const [key, place] of own)
        yield place instanceof CompactPartitionState ? place.row(groupId, key) : place.row;
  }

  #expand(groupId: number, own: Map<number, State>, key: number, place: State): PartitionState {
    if (!(place instanceof CompactPartitionState)) return place;
    const memory = this.#withNewPace(place.expand(groupId, key));
    own.set(key, memory);
    return memory;
  }

  /** Its pace begins anew: in all the time it rested nothing came and nothing went. */
  #withNewPace(memory: PartitionState): PartitionState {
    if (memory.paced !== null) memory.pace = addDone([], 0, 0, this.#evaluatedAtMs);
    return memory;
  }
}
