/** Share groups (KIP-932) as their coordinators tell of them. The requests follow ShareGroupDescribe and DescribeShareGroupOffsets of Apache Kafka. */
import { createAPI, ResponseError, Writer, type Reader } from "@platformatic/kafka";

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

export interface DescribedShareGroup {
  readonly errorCode: number;
  readonly groupId: string;
  readonly groupState: string;
  readonly groupEpoch: number;
  readonly members: readonly ShareMember[];
}

export function askForGroups(groupIds: readonly string[]): Writer {
  return Writer.create()
    .appendArray([...groupIds], (writer, id) => writer.appendString(id), true, false)
    .appendBoolean(false)
    .appendTaggedFields();
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
  return { memberId, memberEpoch: reader.readInt32(), clientId: reader.readString(), clientHost: reader.readString(), subscribedTopicNames: reader.readArray((topic) => topic.readString(), true, false), assignment: readAssignment(reader) };
}

/** Version 1; there is no other that a release still speaks. */
export const shareGroupDescribeV1 = createAPI<[groupIds: readonly string[]], { groups: DescribedShareGroup[] }>(SHARE_GROUP_DESCRIBE, 1, askForGroups, (_correlationId, apiKey, apiVersion, reader) => {
  const errors: Record<string, [number, string | null]> = {};
  reader.readInt32(); // throttle time
  const groups = reader.readArray((group, i) => {
    const errorCode = group.readInt16();
    const errorMessage = group.readNullableString();
    if (errorCode !== 0) errors[`/groups/${i}`] = [errorCode, errorMessage];
    const described = { errorCode, groupId: group.readString(), groupState: group.readString(), groupEpoch: group.readInt32() };
    group.readInt32(); // assignment epoch
    group.readString(); // assignor
    const members = group.readArray(readMember);
    group.readInt32(); // authorized operations
    return { ...described, members };
  });
  reader.readTaggedFields();
  return answerOf({ groups }, errors, apiKey, apiVersion);
});

export interface SharePartitionOffset {
  readonly partition: number;
  readonly startOffset: bigint;
  readonly errorCode: number;
}

export interface ShareGroupOffsets {
  readonly groupId: string;
  readonly errorCode: number;
  readonly topics: readonly { readonly topicName: string; readonly partitions: readonly SharePartitionOffset[] }[];
}

/** Where each share partition begins: everything before is done with. Version 0; later ones only add. */
export const describeShareGroupOffsetsV0 = createAPI<[groupIds: readonly string[]], { groups: ShareGroupOffsets[] }>(
  DESCRIBE_SHARE_GROUP_OFFSETS,
  0,
  (groupIds) => Writer.create().appendArray([...groupIds], (writer, id) => writer.appendString(id).appendArray(null, () => undefined)).appendTaggedFields(),
  (_correlationId, apiKey, apiVersion, reader) => {
    const errors: Record<string, [number, string | null]> = {};
    reader.readInt32(); // throttle time
    const groups = reader.readArray((group, i) => {
      const groupId = group.readString();
      const topics = group.readArray((topic) => {
        const topicName = topic.readString();
        topic.readUUID();
        return {
          topicName,
          partitions: topic.readArray((at) => {
            const partition = at.readInt32();
            const startOffset = at.readInt64();
            at.readInt32(); // leader epoch
            const errorCode = at.readInt16();
            at.readNullableString();
            return { partition, startOffset, errorCode };
          }),
        };
      });
      const errorCode = group.readInt16();
      const errorMessage = group.readNullableString();
      if (errorCode !== 0) errors[`/groups/${i}`] = [errorCode, errorMessage];
      return { groupId, errorCode, topics };
    });
    reader.readTaggedFields();
    return answerOf({ groups }, errors, apiKey, apiVersion);
  },
);

/** As the client's own requests do it: an answer with errors in it is thrown, and carried by what is thrown. */
export function answerOf<R>(answer: R, errors: Record<string, [number, string | null]>, apiKey: number, apiVersion: number): R {
  if (Object.keys(errors).length > 0) throw new ResponseError(apiKey, apiVersion, errors, answer);
  return answer;
}
