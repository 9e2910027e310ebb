import type { DestinationInfo, GroupInfo } from "#lib/brokers/ports/inspector.ts";

/** What the broker answered in one poll, with the ids that the database has for its names. */
export interface Polled {
  readonly topics: readonly DestinationInfo[];
  readonly destinationOf: ReadonlyMap<string, number>;
  readonly topicOf: ReadonlyMap<number, string>;
  /** by id; groups whose members are not known yet are left out */
  readonly groups: ReadonlyMap<number, GroupInfo>;
  /** the groups whose assignments were written since the last complete poll */
  readonly reassigned: ReadonlySet<number>;
}

/** Kafka's own topics are not polled. */
export const isInternalTopic = (topic: string): boolean => topic.startsWith("__");
