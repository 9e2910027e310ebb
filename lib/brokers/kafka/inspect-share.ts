/**
 * Share groups (KIP-932) as their coordinators report them. The requests follow ShareGroupDescribe and
 * DescribeShareGroupOffsets of Apache Kafka.
 */
import { createAPI, Writer, type Reader } from "@platformatic/kafka";
import { describeGroupsApi, readError, readGroups } from "./inspect-describe.ts";

export const SHARE_GROUP_DESCRIBE = 77;
export const DESCRIBE_SHARE_GROUP_OFFSETS = 90;

export interface AssignedTopic {
  readonly topicName: string;
  readonly partitions: readonly number[];
}

interface ShareMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly clientId: string;
  readonly clientHost: string;
  readonly subscribedTopicNames: readonly string[];
  readonly assignment: readonly AssignedTopic[];
}

function readAssignment(reader: Reader): AssignedTopic[] {
  const topics = reader.readArray((topic) => {
    topic.readUUID();
    return { topicName: topic.readString(), partitions: topic.readArray((at) => at.readInt32(), true, false) };
  });
  reader.readTaggedFields();
  return topics;
}

function readMember(reader: Reader): ShareMember {
  const memberId = reader.readString();
  reader.readNullableString(); // rack
  return {
    memberId,
    memberEpoch: reader.readInt32(),
    clientId: reader.readString(),
    clientHost: reader.readString(),
    subscribedTopicNames: reader.readArray((topic) => topic.readString(), true, false),
    assignment: readAssignment(reader),
  };
}

/** Version 1; there is no other that a release still speaks. */
export const shareGroupDescribeV1 = describeGroupsApi(SHARE_GROUP_DESCRIBE, 1, (group) => {
  group.readString(); // assignor
  return { members: group.readArray(readMember) };
});

export interface SharePartitionOffset {
  readonly partition: number;
  readonly startOffset: bigint;
  /** records not yet acknowledged; -1: the broker does not report it */
  readonly lag: bigint;
  readonly errorCode: number;
}

export interface ShareGroupOffsets {
  readonly groupId: string;
  readonly errorCode: number;
  readonly topics: readonly { readonly topicName: string; readonly partitions: readonly SharePartitionOffset[] }[];
}

const describeShareGroupOffsets = (version: 0 | 1) =>
  createAPI<[groupIds: readonly string[]], { groups: ShareGroupOffsets[] }>(
    DESCRIBE_SHARE_GROUP_OFFSETS,
    version,
    (groupIds: readonly string[]) =>
      Writer.create()
        .appendArray([...groupIds], (writer, id) => writer.appendString(id).appendArray(null, () => undefined))
        .appendTaggedFields(),
    (_correlationId, apiKey, apiVersion, reader) =>
      readGroups(apiKey, apiVersion, reader, (group, at, errors) => {
        const groupId = group.readString();
        const topics = group.readArray((topic) => {
          const topicName = topic.readString();
          topic.readUUID();
          return { topicName, partitions: topic.readArray((at) => readOffset(at, version)) };
        });
        return { groupId, topics, errorCode: readError(group, at, errors) };
      }),
  );

function readOffset(reader: Reader, version: 0 | 1): SharePartitionOffset {
  const partition = reader.readInt32();
  const startOffset = reader.readInt64();
  reader.readInt32(); // leader epoch
  const lag = version >= 1 ? reader.readInt64() : -1n;
  const errorCode = reader.readInt16();
  reader.readNullableString();
  return { partition, startOffset, lag, errorCode };
}

/** Each share partition's start offset: every record before it is acknowledged. */
export const describeShareGroupOffsetsV0 = describeShareGroupOffsets(0);
/** The same, with the number of records after the start that are not acknowledged. */
export const describeShareGroupOffsetsV1 = describeShareGroupOffsets(1);
