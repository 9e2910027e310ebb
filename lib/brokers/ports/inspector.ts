/** What every broker can tell of its state: its destinations, who consumes from them, and how they are. */
import type { GroupProtocol, GroupState } from "#lib/domain/health/group.ts";
import type { PartitionRef } from "./partition.ts";

export interface PartitionInfo {
  readonly partition: number;
  /** null: leaderless, nothing of it can be read or written */
  readonly leader: number | null;
  readonly replicas: number;
  readonly inSync: number;
  readonly offlineReplicas: number;
}

/** Where messages are sent to: a Kafka topic, an exchange, a queue. */
export interface DestinationInfo {
  readonly name: string;
  /** the broker's own id of it, another one when it is deleted and made anew; null: it has none */
  readonly id: string | null;
  /** false: its messages cannot be read without taking them from whom they are for */
  readonly isReadable: boolean;
  readonly partitions: readonly PartitionInfo[];
  readonly replication: number;
}

/** What is sent to the destination reaches the group, by bindings: as far as the broker tells. */
export interface Route {
  readonly destination: string;
  readonly group: string;
}

export interface GroupMemberInfo {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly PartitionRef[];
  /** what it is to have once the group has settled; null: its protocol does not tell */
  readonly targetAssignment: readonly PartitionRef[] | null;
  /** of the group's epochs the one the member has reached; null: its protocol has none */
  readonly epoch: number | null;
}

export interface GroupInfo {
  readonly group: string;
  readonly protocol: GroupProtocol;
  readonly state: GroupState;
  readonly coordinator: string | null;
  /**
   * consumer, share and streams groups: the group's epoch. null: not known; a classic group's generation is only in
   * the commit log
   */
  readonly generation: number | null;
  readonly members: readonly GroupMemberInfo[];
  /** the destinations its members subscribe to, as far as the broker tells */
  readonly subscription: readonly string[];
  /** why its coordinator could not describe it: then the rest is what was known before, or only the name */
  readonly fault: string | null;
}

export interface GroupList {
  readonly groups: readonly Pick<GroupInfo, "group" | "protocol" | "state" | "coordinator">[];
  /** why a group that is not listed may exist all the same; null: there is no such group */
  readonly whyUnlisted: (group: string) => string | null;
}

/** How many requests each broker of the cluster may be sent, and who counts them. */
export interface RequestLimits {
  /** to each broker; a second's worth may go at once */
  readonly perSecond?: number;
  readonly onAnswer?: (answer: {
    readonly api: string;
    readonly bytesSent: number;
    readonly bytesReceived: number;
  }) => void;
  /**
   * What was known of the progress of these groups when the process before this one ended: for a broker that counts
   * anew whenever it starts.
   */
  readonly progressBefore?: (
    groups: readonly string[],
  ) => Promise<ReadonlyMap<string, { readonly consumed: bigint; readonly end: bigint }>>;
}

/** Reads the broker's state in few, batched requests. Every call may reject with a BrokerFault. */
export interface Inspector {
  clusterId(): Promise<string | null>;
  destinations(): Promise<DestinationInfo[]>;
  listGroups(): Promise<GroupList>;
  /** one answer per group that exists, or may exist */
  groups(names: readonly string[]): Promise<GroupInfo[]>;
  /** none where groups subscribe to destinations by themselves */
  routes(): Promise<readonly Route[]>;
  close(): Promise<void>;
}
