import type { CorrelatedEvent } from "#lib/store/correlation/events-read.ts";
import { publisherOf } from "./known-subscriptions.ts";

const KEPT_MS = 10 * 60_000;
const MOST = 10_000;

/**
 * The latest events without a cause, because it is not known yet that their publisher reads anything that came before:
 * a group's commits are seen seconds after it has begun to consume. Kept in memory: what waits when the tap is killed
 * stays without a cause.
 */
export class WaitingEffects {
  readonly #effects = new Map<string, CorrelatedEvent>();

  get isEmpty(): boolean {
    return this.#effects.size === 0;
  }

  has(id: string): boolean {
    return this.#effects.has(id);
  }

  add(effect: CorrelatedEvent): void {
    if (publisherOf(effect) === null) return;
    this.#effects.set(effect.id, effect);
    if (this.#effects.size <= MOST) return;
    const oldest = this.#effects.keys().next().value;
    if (oldest !== undefined) this.#effects.delete(oldest);
  }

  delete(id: string): void {
    this.#effects.delete(id);
  }

  /** Those of these publishers; the others go on waiting, but not for ever. */
  of(publishers: ReadonlySet<string>, nowMs: number): CorrelatedEvent[] {
    for (const { id, storedAtMs } of this.#effects.values()) if (storedAtMs < nowMs - KEPT_MS) this.#effects.delete(id);
    return [...this.#effects.values()].filter((effect) => publishers.has(publisherOf(effect) ?? ""));
  }
}
