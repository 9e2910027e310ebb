/** A broker by what it can do. Pages, commands and the tap ask for a capability, never for a broker by its name. */
import type { Logger } from "#lib/telemetry/log.ts";
import type { CommitLog } from "./commit-log.ts";
import type { Inspector, RequestLimits } from "./inspector.ts";
import type { LogInspector } from "./log-inspector.ts";
import type { LogSource, LogSourceOptions } from "./log-source.ts";
import type { Publisher } from "./publisher.ts";
import type { QueueSource } from "./queue-source.ts";
import type { Reader } from "./reader.ts";

export interface Capabilities {
  /** Where the body of a message is: in the broker's log while that retains it, or only in what Flowtap has stored. */
  readonly read: "positions" | "stored";
  /** What the progress of a group is known by. */
  readonly progress: "commits" | "counters" | "ages";
  /**
   * How a replay that was killed finds out which messages are sent: they were sent in transactions, it asks what was
   * routed, the broker drops what it has already, or it finds its own mark, as far as that is still there. None:
   * Flowtap does not send to this broker.
   */
  readonly replay: "transactional" | "settled" | "deduplicated" | "marked" | "none";
  /** How a message reaches one consumer alone: by its queue, or by a header that the consumers must heed. */
  readonly oneConsumer: "queue" | "header" | "none";
  readonly publish: {
    /** all of a batch becomes visible, or none */
    readonly transactional: boolean;
    /** a partition can be chosen */
    readonly partitions: boolean;
    readonly ordering: "partition" | "none";
    /** false: a header without a value arrives with an empty one */
    readonly nullHeaderValues: boolean;
  };
  /** What a group can be moved by. */
  readonly move: "offsets" | "time" | "none";
}

interface AnyBroker {
  readonly can: Capabilities;
  openInspector(limits?: RequestLimits): Inspector;
  /** Rejects with a BrokerFault, `records_refused` when the broker does not let this publisher write at all. */
  openPublisher(id: string): Promise<Publisher>;
}

/** Keeps messages in logs, whoever has read them. Opening connects to nothing yet. */
export interface LogBroker extends AnyBroker {
  readonly keeps: "log";
  /** The log in which groups commit their offsets; null: this broker has none that can be read. */
  readonly commitLog: CommitLog | null;
  /** Joins no group: which partitions are read is up to the caller. */
  openLogSource(log: Logger, options?: LogSourceOptions): LogSource;
  openInspector(limits?: RequestLimits): LogInspector;
  openReader(): Reader;
}

/** Keeps a message until its consumer has settled it. */
export interface QueueBroker extends AnyBroker {
  readonly keeps: "queue";
  openQueueSource(log: Logger): QueueSource;
}

export type Broker = LogBroker | QueueBroker;
