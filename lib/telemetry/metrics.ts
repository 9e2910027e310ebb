/** Flowtap's own figures for Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import type { InspectionFigures } from "./inspection.ts";

export interface TapMetrics {
  readonly registry: Registry;
  readonly records: Counter<"cluster" | "source" | "fate">;
  readonly waitingRecords: Gauge<"cluster" | "source">;
  readonly behindRecords: Gauge<"cluster" | "source">;
  readonly flushes: Counter<"cluster" | "source">;
  readonly missedOffsets: Counter<"cluster" | "topic">;
  readonly truncatedEvents: Counter<"cluster" | "topic">;
  readonly faults: Counter<"cluster" | "source">;
  readonly reading: Gauge<"cluster" | "source">;
  readonly storeOutage: Gauge<"cluster" | "source">;
  readonly tooManyNames: Gauge<"kind">;
  readonly droppedProducers: Counter<"cluster">;
  readonly adminRequests: Counter<"cluster" | "api">;
  readonly adminBytes: Counter<"cluster" | "direction">;
  readonly inspectSeconds: Histogram<"cluster">;
}

interface Requests {
  readonly api: string;
  /** default 1 */
  readonly requests?: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

export function countRequest(
  metrics: TapMetrics,
  cluster: string,
  { api, requests = 1, bytesSent, bytesReceived }: Requests,
): void {
  metrics.adminRequests.inc({ cluster, api }, requests);
  metrics.adminBytes.inc({ cluster, direction: "sent" }, bytesSent);
  metrics.adminBytes.inc({ cluster, direction: "received" }, bytesReceived);
}

export function countInspection(metrics: TapMetrics, { requests, cycles }: InspectionFigures): void {
  for (const { cluster, ...one } of requests) countRequest(metrics, cluster, one);
  for (const { cluster, seconds } of cycles) metrics.inspectSeconds.observe({ cluster }, seconds);
}

export function openTapMetrics(): TapMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const of = ["cluster", "source"] as const;
  return {
    registry,
    records: new Counter({
      registers,
      name: "flowtap_tap_records_total",
      help: "Records read, by fate: stored, duplicates, quarantined, returned (dropped at a rebalance and read again)",
      labelNames: [...of, "fate"],
    }),
    waitingRecords: new Gauge({
      registers,
      name: "flowtap_tap_waiting_records",
      help: "Records read and not yet stored",
      labelNames: of,
    }),
    behindRecords: new Gauge({
      registers,
      name: "flowtap_tap_behind_records",
      help: "Records in the assigned partitions that were not read yet",
      labelNames: of,
    }),
    flushes: new Counter({
      registers,
      name: "flowtap_tap_flushes_total",
      help: "Transactions committed",
      labelNames: of,
    }),
    missedOffsets: new Counter({
      registers,
      name: "flowtap_tap_missed_offsets_total",
      help: "Offsets that retention removed before they were read",
      labelNames: ["cluster", "topic"],
    }),
    truncatedEvents: new Counter({
      registers,
      name: "flowtap_tap_truncated_events_total",
      help: "Events that were read and stored, and that their log then lost, as after an unclean leader election",
      labelNames: ["cluster", "topic"],
    }),
    faults: new Counter({
      registers,
      name: "flowtap_tap_faults_total",
      help: "Times reading stopped and was tried again",
      labelNames: of,
    }),
    reading: new Gauge({ registers, name: "flowtap_tap_reading", help: "1 while the broker is read", labelNames: of }),
    storeOutage: new Gauge({
      registers,
      name: "flowtap_tap_store_outage",
      help: "1 while Postgres does not take what is read",
      labelNames: of,
    }),
    tooManyNames: new Gauge({
      registers,
      name: "flowtap_tap_topics_with_too_many_names",
      help: "Topics with so many names that further ones share the name (other)",
      labelNames: ["kind"],
    }),
    droppedProducers: new Counter({
      registers,
      name: "flowtap_tap_dropped_producers_total",
      help: "What a producer wrote to a topic, or whose offsets it committed, dropped because too much of it waited",
      labelNames: ["cluster"],
    }),
    adminRequests: new Counter({
      registers,
      name: "flowtap_admin_requests_total",
      help: "Requests about the broker's state: topics, groups, offsets, settings",
      labelNames: ["cluster", "api"],
    }),
    adminBytes: new Counter({
      registers,
      name: "flowtap_admin_bytes_total",
      help: "Bytes of those requests (sent) and of their answers (received)",
      labelNames: ["cluster", "direction"],
    }),
    inspectSeconds: new Histogram({
      registers,
      name: "flowtap_inspect_turn_seconds",
      help: "How long one cycle of inspecting a cluster and evaluating its groups took",
      labelNames: ["cluster"],
      buckets: [0.1, 0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 20, 60],
    }),
  };
}
