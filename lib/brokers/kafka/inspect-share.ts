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
  /** records not done with; -1: not told */
  readonly lag: bigint;
  readonly errorCode: number;
}

export interface ShareGroupOffsets {
  readonly groupId: string;
  readonly errorCode: number;
  readonly topics: readonly { readonly topicName: string; readonly partitions: readonly SharePartitionOffset[] }[];
}

const describeShareGroupOffsets = (version: 0 | 1) => createAPI<[groupIds: readonly string[]], { groups: ShareGroupOffsets[] }>(
  DESCRIBE_SHARE_GROUP_OFFSETS,
  version,
  (groupIds: readonly string[]) => Writer.create().appendArray([...groupIds], (writer, id) => writer.appendString(id).appendArray(null, () => undefined)).appendTaggedFields(),
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
            const lag = version >= 1 ? at.readInt64() : -1n;
            const errorCode = at.readInt16();
            at.readNullableString();
            return { partition, startOffset, lag, errorCode };
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

/** Where each share partition begins: everything before is done with. */
export const describeShareGroupOffsetsV0 = describeShareGroupOffsets(0);
/** And how much behind that is not. */
export const describeShareGroupOffsetsV1 = describeShareGroupOffsets(1);

/**
 * How far share groups have come. The broker keeps where a share partition begins lazily: the last records may all be done with while it still
 * stands before them. Their number tells, held against where the log ended a moment before: never further than is true, and never back.
 */
export class ShareProgress {
  readonly #done = new Map<string, ReadonlyMap<string, { readonly start: bigint; readonly done: bigint }>>();

  add(group: string, partitions: readonly { readonly key: string; readonly startOffset: bigint; readonly lag: bigint; readonly endOffset: bigint | undefined }[]): Map<string, bigint> {
    const before = this.#done.get(group);
    const now = new Map(
      partitions.map(({ key, startOffset: start, lag, endOffset }) => {
        const told = lag >= 0n && endOffset !== undefined && endOffset - lag > start ? endOffset - lag : start;
        const last = before?.get(key);
        return [key, { start, done: last !== undefined && last.start <= start && last.done > told ? last.done : told }];
      }),
    );
    if (this.#done.size > MOST_GROUPS) this.#done.clear();
    this.#done.set(group, now);
    return new Map([...now].map(([key, { done }]) => [key, done]));
  }
}

const MOST_GROUPS = 20_000;

/** As the client's own requests do it: an answer with errors in it is thrown, and carried by what is thrown. */
export function answerOf<R>(answer: R, errors: Record<string, [number, string | null]>, apiKey: number, apiVersion: number): R {
  if (Object.keys(errors).length > 0) throw new ResponseError(apiKey, apiVersion, errors, answer);
  return answer;
}
