/** The states of all group partitions, full or compact. Grows with the group partitions, not with time. */
import { addDone } from "#lib/domain/health/log/pace.ts";
import type { PartitionStateRow } from "#lib/store/groups/states-read.ts";
import type { GroupPartitionRef } from "../../group-partition.ts";
import { CompactPartitionState } from "./compact-partition-state.ts";
import { destinationPartitionKey, type LogFacts } from "./log-ends.ts";
import { newPartitionState, type PartitionState } from "./partition-state.ts";

type State = PartitionState | CompactPartitionState;
type FactsOf = (key: number) => LogFacts | undefined;

export class PartitionStates {
  readonly #groups = new Map<number, Map<number, State>>();
  /** counts the reads of rows from the database */
  #read = 0;
  #evaluatedAtMs = 0;

  get groupIds(): Iterable<number> {
    return this.#groups.keys();
  }

  beginRead(): void {
    this.#read++;
  }

  /** One group partition as the database has it now; each comes once in a read. */
  put(row: PartitionStateRow): void {
    let own = this.#groups.get(row.groupId);
    if (own === undefined) this.#groups.set(row.groupId, (own = new Map<number, State>()));
    const key = destinationPartitionKey(row.destinationId, row.partition);
    const known = own.get(key);
    if (known === undefined) {
      const state = newPartitionState(row, this.#read);
      own.set(key, CompactPartitionState.of(state, null, false) ?? state);
    } else if (!(known instanceof CompactPartitionState) || !known.put(row, this.#read)) {
      const state = this.#expand(row.groupId, own, key, known);
      state.row = row;
      state.lastRead = this.#read;
    }
  }

  /** All rows of these groups were read: partitions that were not among them are forgotten. */
  endRead(groupIds: Iterable<number> = this.#groups.keys()): void {
    for (const groupId of groupIds) {
      const own = this.#groups.get(groupId);
      if (own === undefined) continue;
      for (const [key, state] of own) if (state.lastRead !== this.#read) own.delete(key);
      if (own.size === 0) this.#groups.delete(groupId);
    }
  }

  /** All states were evaluated. */
  endEvaluation(nowMs: number): void {
    this.#evaluatedAtMs = nowMs;
  }

  of({ groupId, destinationId, partition }: GroupPartitionRef): State | undefined {
    return this.#groups.get(groupId)?.get(destinationPartitionKey(destinationId, partition));
  }

  /** Applies a change to a state. A compact state stays compact where it can, and will be evaluated again. */
  update<T>(
    { groupId, destinationId, partition }: GroupPartitionRef,
    change: (state: PartitionState) => T,
  ): T | undefined {
    const own = this.#groups.get(groupId);
    const key = destinationPartitionKey(destinationId, partition);
    const known = own?.get(key);
    if (own === undefined || known === undefined) return undefined;
    if (!(known instanceof CompactPartitionState)) return change(known);
    const state = known.expand(groupId, key);
    const result = change(state);
    own.set(key, CompactPartitionState.of(state, null, true) ?? this.#withNewPace(state));
    return result;
  }

  /** Null: never committed. Undefined: not a partition of the group. */
  committedOffset(ref: GroupPartitionRef): bigint | null | undefined {
    const state = this.of(ref);
    return state instanceof CompactPartitionState ? state.committedOffset : state?.row.committedOffset;
  }

  setCompact(groupId: number, key: number, state: CompactPartitionState): void {
    this.#groups.get(groupId)?.set(key, state);
  }

  /** The group's partitions whose logs are known. Compact states are expanded when anything has changed. */
  *ofGroup(groupId: number, factsOf: FactsOf): Generator<readonly [key: number, facts: LogFacts, state: State]> {
    const own = this.#groups.get(groupId);
    if (own === undefined) return;
    for (const [key, state] of own) {
      const facts = factsOf(key);
      if (facts === undefined) continue;
      const isUpToDate = state instanceof CompactPartitionState && state.isUpToDate(facts);
      yield [key, facts, isUpToDate ? state : this.#expand(groupId, own, key, state)];
    }
  }

  /** All full states, and those compact ones whose log has grown beyond the committed offset since. */
  *mayLag(factsOf: FactsOf): Generator<readonly [key: number, facts: LogFacts, state: PartitionState]> {
    for (const [groupId, own] of this.#groups) {
      for (const [key, state] of own) {
        const facts = factsOf(key);
        if (facts === undefined || (state instanceof CompactPartitionState && !state.mayLag(facts))) continue;
        yield [key, facts, this.#expand(groupId, own, key, state)];
      }
    }
  }

  get size(): number {
    let size = 0;
    for (const own of this.#groups.values()) size += own.size;
    return size;
  }

  *refs(): Generator<GroupPartitionRef> {
    for (const [groupId, own] of this.#groups)
      for (const [key, state] of own)
        yield state instanceof CompactPartitionState ? state.row(groupId, key) : state.row;
  }

  #expand(groupId: number, own: Map<number, State>, key: number, known: State): PartitionState {
    if (!(known instanceof CompactPartitionState)) return known;
    const state = this.#withNewPace(known.expand(groupId, key));
    own.set(key, state);
    return state;
  }

  /** The pace begins anew: while the state was compact, nothing was written and nothing consumed. */
  #withNewPace(state: PartitionState): PartitionState {
    if (state.paced !== null) state.pace = addDone([], 0, 0, this.#evaluatedAtMs);
    return state;
  }
}
