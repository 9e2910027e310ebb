/** Which kinds of things have changed, each told at most so often. */
import type { Noun } from "./live-mailbox.ts";

const EVERY_MS: Readonly<Record<Noun, number>> = {
  groups: 2000,
  topics: 5000,
  traces: 3000,
  failures: 1000,
  replays: 500,
  alerts: 500,
};

export class LiveChanges {
  readonly #pending = new Set<Noun>();
  readonly #sentAtMs = new Map<Noun, number>();

  add(noun: Noun): void {
    this.#pending.add(noun);
  }

  /** After a time in which nothing was heard of. */
  addAll(): void {
    for (const noun of Object.keys(EVERY_MS) as Noun[]) this.#pending.add(noun);
  }

  /** What is to be told now. It is then no longer pending. */
  takeDue(nowMs: number): readonly Noun[] {
    const due = [...this.#pending].filter((noun) => nowMs - (this.#sentAtMs.get(noun) ?? 0) >= EVERY_MS[noun]);
    for (const noun of due) {
      this.#pending.delete(noun);
      this.#sentAtMs.set(noun, nowMs);
    }
    return due;
  }
}
