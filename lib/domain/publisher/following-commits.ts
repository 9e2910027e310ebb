/**
 * Which group the process of a producer belongs to, where no transaction tells: a consumer that publishes and then
 * commits what it has handled never commits an event before it has written what follows from it, and commits it
 * shortly after, however long the writing took. Who only reads the same topics does so in a time of its own.
 */

/** One event that a producer wrote behind others of its trace, seen from a group that may have handled one of them. */
export interface WriteSeen {
  /** events of the trace, earlier than it, on what the group reads; 0: the group cannot have caused it */
  readonly candidates: number;
  /** how many of them the group had committed before it was written, or had not come to yet */
  readonly excluded: number;
  /**
   * where the commit right after it was of the one event that was open: how long after that event it was written,
   * and how long after it the commit came
   */
  readonly followed: { readonly writtenAfterMs: number; readonly committedAfterMs: number } | null;
}

/** Fewer writes show nothing. */
const LEAST_WRITES = 60;
const LEAST_FOLLOWED = 15;
/** Of the group itself one in so many may seem wrong: it was restarted, or an event came late. */
const WRONG_ONE_IN = 100;
/** Of every other group at least one in so many must be impossible. */
const IMPOSSIBLE_ONE_IN = 20;
/** The commits must keep to the writes, not to the events: their distance varies by this part of the other at most. */
const MOST_VARIATION = 1 / 2;
/** Times have milliseconds: a smaller variation shows nothing. */
const LEAST_VARIATION_MS = 6;
const MOST_FOLLOWED = 400;

export class FollowingCommits {
  readonly #groups = new Map<number, GroupTally>();

  add(groupId: number, seen: WriteSeen): void {
    let tally = this.#groups.get(groupId);
    if (tally === undefined) this.#groups.set(groupId, (tally = new GroupTally()));
    tally.add(seen);
  }

  /** The one group that it can be, and that has shown to be it; null: none, or not without doubt. */
  get group(): number | null {
    const possible = [...this.#groups].filter(([, tally]) => !tally.isImpossible && !tally.isUnrelated);
    const [only] = possible;
    return possible.length === 1 && only?.[1].isProven === true ? only[0] : null;
  }
}

class GroupTally {
  #writes = 0;
  #impossible = 0;
  readonly #writtenAfter: number[] = [];
  readonly #committedAfter: number[] = [];

  add({ candidates, excluded, followed }: WriteSeen): void {
    this.#writes++;
    if (excluded >= candidates) this.#impossible++;
    if (followed === null) return;
    if (this.#writtenAfter.push(followed.writtenAfterMs) > MOST_FOLLOWED) this.#writtenAfter.shift();
    if (this.#committedAfter.push(followed.committedAfterMs) > MOST_FOLLOWED) this.#committedAfter.shift();
  }

  get isImpossible(): boolean {
    return this.#writes >= LEAST_WRITES && this.#impossible * IMPOSSIBLE_ONE_IN >= this.#writes;
  }

  /** Its commits vary as much around the writes as the writes themselves do: it goes by another clock. */
  get isUnrelated(): boolean {
    const variation = this.#variation;
    return variation !== null && variation.committed >= variation.written;
  }

  get isProven(): boolean {
    if (this.#writes < LEAST_WRITES || this.#impossible * WRONG_ONE_IN > this.#writes) return false;
    const variation = this.#variation;
    return variation !== null && variation.committed <= variation.written * MOST_VARIATION;
  }

  /** null: too few are known, or all take the same time */
  get #variation(): { readonly written: number; readonly committed: number } | null {
    if (this.#writtenAfter.length < LEAST_FOLLOWED) return null;
    const written = variationOf(this.#writtenAfter);
    return written < LEAST_VARIATION_MS ? null : { written, committed: variationOf(this.#committedAfter) };
  }
}

/** Between the tenth and the ninetieth of a hundred. */
function variationOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)] ?? 0;
  return at(0.9) - at(0.1);
}
