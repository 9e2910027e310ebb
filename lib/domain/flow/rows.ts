/** The rows from which the flow graph of a window is built. `L` is a latency sketch, opaque here. */
import type { KnownBy } from "../correlation/known-by.ts";
import type { Verdict } from "../health/verdict.ts";

/** What a topic holds; `internal`: the broker's own or a framework's, shown nowhere in the flow. */
export const TOPIC_ROLES = ["event", "retry", "dead_letter", "internal"] as const;
export type TopicRole = (typeof TOPIC_ROLES)[number];

export interface TopicFact {
  readonly cluster: string;
  readonly topic: string;
  readonly role: TopicRole;
  readonly partitions: number;
}

export interface GroupFact {
  readonly cluster: string;
  readonly group: string;
  readonly service: string | null;
  readonly serviceKnownBy: KnownBy | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly members: number;
  readonly lagMessages: bigint;
  readonly timeLagMs: number | null;
}

/** service → topic by event type. A row without events keeps an edge that had events before the window. */
export interface PublishFact<L> {
  readonly cluster: string;
  readonly topic: string;
  readonly service: string | null;
  readonly type: string | null;
  readonly schemaVersion: string;
  readonly events: number;
  readonly errors: number;
  readonly latency: L | null;
}

/** topic → group. A row without events keeps the edge of a group that reads the topic but consumed nothing. */
export interface ConsumeFact<L> {
  readonly cluster: string;
  readonly topic: string;
  readonly group: string;
  readonly events: number;
  readonly errors: number;
  /** false: how many events came this way is not known, so that `events` is 0 */
  readonly isCounted?: boolean;
  /** the worst of the group's partitions of this topic; null: not evaluated, the group's own verdict counts */
  readonly verdict: Verdict | null;
  readonly latency: L | null;
}

/** events on one topic → the events they caused on another. */
export interface CauseFact<L> {
  readonly from: { readonly cluster: string; readonly topic: string };
  readonly to: { readonly cluster: string; readonly topic: string };
  /** the group of `from.cluster` that consumed the first event; null: unknown */
  readonly group: string | null;
  readonly fromType: string | null;
  readonly toType: string | null;
  readonly toSchemaVersion: string;
  readonly knownBy: KnownBy;
  readonly events: number;
  readonly errors: number;
  /** sum over the events, each 0–1 */
  readonly confidenceSum: number;
  readonly sampledShare: number;
  readonly latency: L | null;
}

export interface FlowRows<L> {
  readonly topics: readonly TopicFact[];
  readonly groups: readonly GroupFact[];
  readonly publishes: readonly PublishFact<L>[];
  readonly consumes: readonly ConsumeFact<L>[];
  readonly causes: readonly CauseFact<L>[];
}

export interface FlowFilter {
  readonly windowSeconds: number;
  readonly cluster?: string | undefined;
  readonly service?: string | undefined;
  readonly topic?: string | undefined;
  readonly group?: string | undefined;
  readonly type?: string | undefined;
  readonly errors?: "only" | undefined;
  readonly focus?: string | undefined;
  readonly hops: number;
  /** the most nodes that are shown; absent: MAX_NODES */
  readonly limit?: number | undefined;
}
