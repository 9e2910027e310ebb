import type { CausePriors } from "#lib/domain/correlation/infer.ts";
import type { CauseKind } from "#lib/domain/correlation/trace.ts";

const MAX_KINDS = 20_000;

const keyOf = (kind: CauseKind): string =>
  `${kind.fromDestinationId} ${kind.fromTypeId} ${kind.groupId} ${kind.toDestinationId} ${kind.toTypeId}`;

/** Counts kinds of causes that were observed without doubt; beyond MAX_KINDS the least recent are forgotten. */
export class CausePriorsMemory {
  readonly #counts = new Map<string, number>();

  readonly countOf: CausePriors = (kind) => this.#counts.get(keyOf(kind)) ?? 0;

  count(kind: CauseKind): void {
    const key = keyOf(kind);
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    if (this.#counts.size <= MAX_KINDS) return;
    const oldest = this.#counts.keys().next().value;
    if (oldest !== undefined) this.#counts.delete(oldest);
  }

  /** Takes back an observation: an event that came late gave room for doubt. */
  retract(kind: CauseKind): void {
    const key = keyOf(kind);
    const count = this.#counts.get(key) ?? 0;
    if (count > 1) this.#counts.set(key, count - 1);
    else this.#counts.delete(key);
  }
}
