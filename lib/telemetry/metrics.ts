/** Flowtap's own figures for Prometheus. */
import { collectDefaultMetrics, Counter, Gauge, Registry } from "prom-client";

export interface TapMetrics {
  readonly registry: Registry;
  readonly records: Counter<"cluster" | "source" | "fate">;
  readonly waitingRecords: Gauge<"cluster" | "source">;
  readonly behindRecords: Gauge<"cluster" | "source">;
  readonly flushes: Counter<"cluster" | "source">;
  readonly missedOffsets: Counter<"cluster" | "topic">;
  readonly faults: Counter<"cluster" | "source">;
  readonly reading: Gauge<"cluster" | "source">;
  readonly storeOutage: Gauge<"cluster" | "source">;
  readonly namesTurnedAway: Gauge<"kind">;
}

export function openTapMetrics(): TapMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const of = ["cluster", "source"] as const;
  return {
    registry,
    records: new Counter({ registers, name: "flowtap_tap_records_total", help: "Records read, by fate: stored, duplicates, quarantined, returned (dropped unstored at a rebalance and read again)", labelNames: [...of, "fate"] }),
    waitingRecords: new Gauge({ registers, name: "flowtap_tap_waiting_records", help: "Records read and not yet stored", labelNames: of }),
    behindRecords: new Gauge({ registers, name: "flowtap_tap_behind_records", help: "Records in the assigned partitions that were not read yet", labelNames: of }),
    flushes: new Counter({ registers, name: "flowtap_tap_flushes_total", help: "Transactions committed", labelNames: of }),
    missedOffsets: new Counter({ registers, name: "flowtap_tap_missed_offsets_total", help: "Offsets that retention removed before they were read", labelNames: ["cluster", "topic"] }),
    faults: new Counter({ registers, name: "flowtap_tap_faults_total", help: "Times reading stopped and was tried again", labelNames: of }),
    reading: new Gauge({ registers, name: "flowtap_tap_reading", help: "1 while the broker is read", labelNames: of }),
    storeOutage: new Gauge({ registers, name: "flowtap_tap_store_outage", help: "1 while Postgres does not take what is read", labelNames: of }),
    namesTurnedAway: new Gauge({ registers, name: "flowtap_tap_names_turned_away", help: "Names beyond the bound, which share the name (other)", labelNames: ["kind"] }),
  };
}
