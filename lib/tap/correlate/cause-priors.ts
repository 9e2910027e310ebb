import type { CausePriors } from "#lib/domain/correlation/infer.ts";
import type { CauseKind } from "#lib/domain/correlation/trace.ts";

const MAX_KINDS = 20_000;

const keyOf = (kind: CauseKind): string =>
  `${kind.fromDestinationId} ${kind.fromTypeId} ${kind.groupId} ${kind.toDestinationId} ${kind.toTypeId}`;

/** Counts kinds of causes that were seen without doubt; of too many, those not seen for longest are forgotten. */
export class CausePriorsMemory {
  readonly #seen = new Map<string, number>();

  readonly of: CausePriors = (kind) => this.#seen.get(keyOf(kind)) ?? 0;

  see(kind: CauseKind): void {
    const key = keyOf(kind);
    const count = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.delete(key);
    this.#seen.set(key, count);
    if (this.#seen.size <= MAX_KINDS) return;
    const oldest = this.#seen.keys().next().value;
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}
