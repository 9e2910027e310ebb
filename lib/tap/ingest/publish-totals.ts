/**
 * The rows of publish_rollups from one flush: counts to add to what is stored, and latency sketches that replace what
 * is stored, because they hold the whole bucket.
 */
import { addLatency, encodeSketch, openSketch, type LatencySketch } from "#lib/store/db/sketch.ts";
import type { PublishRow } from "#lib/store/ingest/events-write.ts";

/** Buckets are of the time of storing, not of the event: so rates follow arrivals, and a past bucket never changes. */
const BUCKET_MS = 10_000;
/** more combinations than this in one bucket get counts but no latency */
const MAX_SKETCHES = 5000;

interface Total {
  readonly destinationId: number;
  readonly serviceId: number;
  readonly typeId: number;
  events: number;
  bytes: number;
  errors: number;
  latency: LatencySketch | null;
}

/**
 * The committed sketches of the current bucket. Only this tap writes these rows, so they equal what is stored.
 */
export class BucketSketches {
  bucketMs = 0;
  readonly sketches = new Map<string, LatencySketch>();
}

export class PublishTotals {
  readonly #byDestination = new Map<number, Map<number, Map<number, Total>>>();
  readonly #all: Total[] = [];
  readonly #shared: BucketSketches;
  #written: { readonly bucketMs: number; readonly sketches: Map<string, LatencySketch> } | null = null;

  constructor(shared: BucketSketches) {
    this.#shared = shared;
  }

  get all(): readonly Readonly<Pick<Total, "serviceId" | "typeId">>[] {
    return this.#all;
  }

  add(
    destinationId: number,
    serviceId: number,
    typeId: number,
    bytes: number,
    isError: boolean,
    latencyMs: number | null,
  ): void {
    const total = this.#total(destinationId, serviceId, typeId);
    total.events++;
    total.bytes += bytes;
    if (isError) total.errors++;
    if (latencyMs !== null) addLatency((total.latency ??= openSketch()), latencyMs);
  }

  rows(storedAtMs: number): { readonly bucketMs: number; readonly rows: PublishRow[] } {
    const bucketMs = Math.floor(storedAtMs / BUCKET_MS) * BUCKET_MS;
    const sketches = new Map<string, LatencySketch>();
    const rows = this.#all.map(
      ({ latency, ...total }): PublishRow => ({
        ...total,
        latency: latency === null ? null : this.#whole(keyOf(total), bucketMs, latency, sketches),
      }),
    );
    this.#written = { bucketMs, sketches };
    return { bucketMs, rows };
  }

  /** To be called once the last result of rows() is committed. */
  committed(): void {
    if (this.#written === null) return;
    const { bucketMs, sketches } = this.#written;
    if (bucketMs !== this.#shared.bucketMs) this.#shared.sketches.clear();
    this.#shared.bucketMs = bucketMs;
    for (const [key, sketch] of sketches) this.#shared.sketches.set(key, sketch);
  }

  clear(): void {
    this.#byDestination.clear();
    this.#all.length = 0;
    this.#written = null;
  }

  #whole(key: string, bucketMs: number, fresh: LatencySketch, sketches: Map<string, LatencySketch>): Uint8Array | null {
    const before = bucketMs === this.#shared.bucketMs ? this.#shared.sketches.get(key) : undefined;
    if (before === undefined && sketches.size + this.#shared.sketches.size >= MAX_SKETCHES) return null;
    const whole = openSketch();
    if (before !== undefined) whole.merge(before);
    whole.merge(fresh);
    sketches.set(key, whole);
    return encodeSketch(whole);
  }

  #total(destinationId: number, serviceId: number, typeId: number): Total {
    let byService = this.#byDestination.get(destinationId);
    if (byService === undefined)
      this.#byDestination.set(destinationId, (byService = new Map<number, Map<number, Total>>()));
    let byType = byService.get(serviceId);
    if (byType === undefined) byService.set(serviceId, (byType = new Map<number, Total>()));
    let total = byType.get(typeId);
    if (total === undefined) {
      total = { destinationId, serviceId, typeId, events: 0, bytes: 0, errors: 0, latency: null };
      byType.set(typeId, total);
      this.#all.push(total);
    }
    return total;
  }
}

const keyOf = (total: { destinationId: number; serviceId: number; typeId: number }): string =>
  `${total.destinationId} ${total.serviceId} ${total.typeId}`;
