/** What a coordinator answers when it is asked to describe a group: the group, or why it cannot. */
import type { GroupInfo } from "../ports/inspector.ts";
import type { PartitionRef } from "../ports/partition.ts";
import { faultOf } from "./inspect-group-words.ts";
import type { ListedGroup } from "./inspect-groups.ts";
import type { AssignedTopic } from "./inspect-share.ts";

export type Described = { readonly info: GroupInfo } | { readonly group: string; readonly fault: string };

/** COORDINATOR_LOAD_IN_PROGRESS, COORDINATOR_NOT_AVAILABLE, NOT_COORDINATOR */
const COORDINATOR_ERRORS: ReadonlySet<number> = new Set([14, 15, 16]);

/**
 * An error in an answer means that the coordinator is not available, or else that the group has changed since it was
 * listed: then it is returned as it was listed.
 */

export function failed(group: ListedGroup, errorCode: number): Described[] {
  return COORDINATOR_ERRORS.has(errorCode)
    ? [{ group: group.group, fault: faultOf(errorCode, group.coordinator) }]
    : [];
}

export const partitionsOf = (topics: readonly AssignedTopic[]): PartitionRef[] =>
  topics.flatMap((topic) => topic.partitions.map((partition) => ({ topic: topic.topicName, partition })));
