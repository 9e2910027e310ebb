/**
 * Latency as a mergeable quantile sketch (DDSketch, 2 % relative error): rollup rows keep its protobuf bytes, readers
 * merge any of them.
 */
import { DDSketch } from "@datadog/sketches-js";

const RELATIVE_ACCURACY = 0.02;
// A longer latency means a clock or a backlog nobody needs to the percent, and every decade costs bytes in every row.
const MAX_MS = 30 * 86_400_000;

export type LatencySketch = DDSketch;

export interface LatencySummary {
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  samples: number;
}

export function openSketch(): LatencySketch {
  return new DDSketch({ relativeAccuracy: RELATIVE_ACCURACY });
}

/** Counts one duration, or `weight` equal ones. A negative duration is clock skew and counts as zero. */
export function addLatency(sketch: LatencySketch, ms: number, weight = 1): void {
  if (Number.isFinite(ms) && weight > 0) sketch.accept(Math.min(Math.max(ms, 0), MAX_MS), weight);
}

/** The bytes for a rollup's `latency` column; null when nothing was counted. */
export function encodeSketch(sketch: LatencySketch): Uint8Array<ArrayBuffer> | null {
  // Copied, because the encoder hands out a view of its shared pool.
  return sketch.count === 0 ? null : new Uint8Array(sketch.toProto());
}

/** One sketch that holds what all the given ones hold. */
export function mergeSketches(encoded: Iterable<Uint8Array | null>): LatencySketch {
  const merged = openSketch();
  for (const bytes of encoded) {
    if (bytes !== null && bytes.length > 0) merged.merge(DDSketch.fromProto(bytes));
  }
  return merged;
}

/** The quantiles pages show; null when nothing was counted. */
export function summariseLatency(sketch: LatencySketch): LatencySummary | null {
  if (sketch.count === 0) return null;
  const at = (quantile: number) => Math.round(sketch.getValueAtQuantile(quantile) * 10) / 10;
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), samples: Math.round(sketch.count) };
}
