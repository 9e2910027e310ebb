import type { Cause } from "#lib/domain/correlation/trace.ts";
import type { CorrelatedEvent } from "#lib/store/correlation/events-read.ts";
import type { CauseTotal } from "#lib/store/correlation/rollups-write.ts";
import { addLatency, openSketch } from "#lib/store/db/sketch.ts";
import { bucketOf } from "./pass.ts";

/** Sums causes by bucket and kind, as the rollup keeps them. */
export class CauseTotals {
  readonly #totals = new Map<string, CauseTotal>();

  get all(): CauseTotal[] {
    return [...this.#totals.values()];
  }

  add(cause: Cause, from: CorrelatedEvent, to: CorrelatedEvent): void {
    const total = this.#totalOf(cause, from, to);
    total.events++;
    if (to.isError) total.errors++;
    total.confidence += cause.confidence;
    addLatency(total.latency, cause.latencyMs);
  }

  /** Of a cause that was counted and is not so. Its latency stays: a sketch cannot forget. */
  takeBack(cause: Cause, from: CorrelatedEvent, to: CorrelatedEvent): void {
    const total = this.#totalOf(cause, from, to);
    total.events--;
    if (to.isError) total.errors--;
    total.confidence -= cause.confidence;
  }

  #totalOf(cause: Cause, from: CorrelatedEvent, to: CorrelatedEvent): CauseTotal {
    const bucketMs = bucketOf(to.storedAtMs);
    const kind = {
      fromDestinationId: from.destinationId,
      fromTypeId: from.typeId ?? 0,
      groupId: cause.groupId ?? 0,
      toDestinationId: to.destinationId,
      toTypeId: to.typeId ?? 0,
      knownBy: cause.knownBy,
    };
    const key = `${bucketMs} ${Object.values(kind).join(" ")}`;
    let total = this.#totals.get(key);
    if (total === undefined)
      this.#totals.set(
        key,
        (total = { bucketMs, ...kind, events: 0, errors: 0, confidence: 0, latency: openSketch() }),
      );
    return total;
  }
}
