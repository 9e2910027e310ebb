import type { KafkaListener } from "./kafka-settings.ts";
import type { Leash } from "./leash.ts";

export interface KafkaOptions {
  readonly leash: Leash;
  readonly stateDir: string;
  readonly logFile: string;
  readonly preferredPort?: number;
  /** further broker settings, by their Kafka names */
  readonly settings?: Readonly<Record<string, string>>;
  /** listeners beside the plain one, by name; each gets its own port */
  readonly listeners?: Readonly<Record<string, KafkaListener>>;
  /** heap of the broker; thousands of partitions need more than the default */
  readonly heapMiB?: number;
  /** for tests: optimise for a quick start, not for throughput */
  readonly isShortLived?: boolean;
  readonly note?: (line: string) => void;
}

/** the default of `heapMiB` */
export const HEAP_MIB = 512;
