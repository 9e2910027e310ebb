const WINDOW_MS = 60_000;

interface Step {
  readonly atMs: number;
  readonly written: number;
  readonly consumed: number;
}

/** How fast events come in and are consumed, per group, over the last minute. A reset backwards counts as nothing, a new partition from its second sight. */
export class GroupRates {
  #before = new Map<string, { readonly committed: bigint; readonly end: bigint }>();
  #steps = new Map<number, Step[]>();

  add(rows: readonly { readonly groupId: number; readonly key: string; readonly committed: bigint; readonly end: bigint }[], atMs: number): void {
    const sums = new Map<number, { written: number; consumed: number }>();
    for (const { groupId, key, committed, end } of rows) {
      const sum = sums.get(groupId) ?? { written: 0, consumed: 0 };
      const before = this.#before.get(key);
      if (before !== undefined) {
        sum.written += Math.max(0, Number(end - before.end));
        sum.consumed += Math.max(0, Number(committed - before.committed));
      }
      sums.set(groupId, sum);
    }
    this.#before = new Map(rows.map(({ key, committed, end }) => [key, { committed, end }]));
    // A group that is gone takes its steps with it.
    this.#steps = new Map([...sums].map(([groupId, sum]) => [groupId, [...(this.#steps.get(groupId) ?? []).filter((step) => step.atMs > atMs - WINDOW_MS), { atMs, ...sum }]]));
  }

  of(groupId: number): { readonly inRate: number; readonly outRate: number } {
    const steps = this.#steps.get(groupId) ?? [];
    const [first] = steps;
    const last = steps.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return { inRate: 0, outRate: 0 };
    const seconds = (last.atMs - first.atMs) / 1000;
    // What the first step counted came before the window began.
    const total = (count: (step: Step) => number) => steps.slice(1).reduce((sum, step) => sum + count(step), 0) / seconds;
    return { inRate: total((step) => step.written), outRate: total((step) => step.consumed) };
  }
}
