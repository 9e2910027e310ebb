/** The state of a tap process: /metrics, /health and /ready for machines, its row in tap_processes for people. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import type { Names } from "#lib/store/ingest/names.ts";
import type { TapCounters } from "#lib/store/ingest/taps.ts";
import type { TapMetrics } from "#lib/telemetry/metrics.ts";
import type { SourceProgress } from "./ingest/source.ts";

const FATES = ["stored", "duplicates", "quarantined", "returned"] as const;

export function countersOf(sources: readonly SourceProgress[]): TapCounters {
  const total = { received: 0, stored: 0, duplicates: 0, quarantined: 0, behind: 0 };
  for (const { source, pipeline } of sources) {
    if (source !== "events") continue;
    const { taken, returned, stored, duplicates, quarantined } = pipeline.counters;
    total.received += taken - returned - pipeline.waiting;
    total.stored += stored;
    total.duplicates += duplicates;
    total.quarantined += quarantined;
    total.behind += pipeline.behind;
  }
  return total;
}

/** Brings the metrics up to the pipelines' own counters; they are read when someone asks, not on the hot path. */
export function metricsRefresher(metrics: TapMetrics, names: Names): (sources: readonly SourceProgress[]) => void {
  const reported = new Map<string, number>();
  const growth = (key: string, now: number): number => {
    const before = reported.get(key) ?? 0;
    reported.set(key, now);
    return Math.max(0, now - before);
  };
  return (sources) => {
    for (const { cluster, source, pipeline, fault, storeOutage } of sources) {
      const labels = { cluster, source };
      for (const fate of FATES)
        metrics.records.inc({ ...labels, fate }, growth(`${cluster} ${source} ${fate}`, pipeline.counters[fate]));
      metrics.flushes.inc(labels, growth(`${cluster} ${source} flushes`, pipeline.counters.flushes));
      metrics.waitingRecords.set(labels, pipeline.waiting);
      metrics.behindRecords.set(labels, pipeline.behind);
      metrics.reading.set(labels, fault === null ? 1 : 0);
      metrics.storeOutage.set(labels, storeOutage === null ? 0 : 1);
    }
    metrics.tooManyNames.set({ kind: "type" }, names.types.fullSources);
    metrics.tooManyNames.set({ kind: "service" }, names.services.fullSources);
  };
}

/** /health answers as long as the process works; /ready only while every source is read and stored. */
export async function serveObservability(
  at: FlowtapConfig["tap"],
  metrics: TapMetrics,
  sources: () => readonly SourceProgress[],
  refresh: (sources: readonly SourceProgress[]) => void,
): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type }).end(body);
    if (request.url === "/metrics") {
      refresh(sources());
      metrics.registry.metrics().then(
        (text) => answer(200, metrics.registry.contentType, text),
        (error: unknown) => answer(500, "text/plain", String(error)),
      );
      return;
    }
    if (request.url === "/health" || request.url === "/ready") {
      const answers = sources().map(({ cluster, source, fault, faultyPartitions, storeOutage, pipeline }) => ({
        cluster,
        source,
        fault,
        faultyPartitions,
        storeOutage,
        waiting: pipeline.waiting,
        behind: pipeline.behind,
      }));
      const ready =
        answers.length > 0 &&
        answers.every(
          ({ source, fault, storeOutage }) => storeOutage === null && (fault === null || source === "commits"),
        );
      answer(
        request.url === "/health" || ready ? 200 : 503,
        "application/json",
        JSON.stringify({ ready, counters: countersOf(sources()), sources: answers }),
      );
      return;
    }
    answer(404, "text/plain", "/metrics, /health and /ready are here\n");
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(at.metricsPort, at.metricsHost, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}
