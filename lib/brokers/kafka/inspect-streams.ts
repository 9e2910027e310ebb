/**
 * Streams groups (KIP-1071) as their coordinators report them. The request follows StreamsGroupDescribe
 * of Apache Kafka.
 */
import type { Reader } from "@platformatic/kafka";
import { describeGroupsApi, type DescribedGroup } from "./inspect-describe.ts";

export const STREAMS_GROUP_DESCRIBE = 89;

interface Tasks {
  readonly subtopologyId: string;
  readonly partitions: readonly number[];
}

interface StreamsMember {
  readonly memberId: string;
  readonly memberEpoch: number;
  readonly clientId: string;
  readonly clientHost: string;
  /** active tasks; standby tasks consume nothing */
  readonly assignment: readonly Tasks[];
  readonly targetAssignment: readonly Tasks[];
}

export interface DescribedStreamsGroup extends DescribedGroup {
  /** topics by subtopology */
  readonly sources: ReadonlyMap<string, readonly string[]>;
  readonly members: readonly StreamsMember[];
}

const texts = (reader: Reader): string[] => reader.readArray((text) => text.readString(), true, false);

const pairs = (reader: Reader): void => {
  reader.readArray((pair) => [pair.readString(), pair.readString()]);
};

function topicInfos(reader: Reader): string[] {
  return reader.readArray((topic) => {
    const name = topic.readString();
    topic.readInt32(); // partitions
    topic.readInt16(); // replication
    pairs(topic);
    return name;
  });
}

const tasks = (reader: Reader): Tasks[] =>
  reader.readArray((task) => ({
    subtopologyId: task.readString(),
    partitions: task.readArray((at) => at.readInt32(), true, false),
  }));

function activeTasks(reader: Reader): Tasks[] {
  const active = tasks(reader);
  tasks(reader); // standby
  tasks(reader); // warm-up
  reader.readTaggedFields();
  return active;
}

/** A nullable structure is preceded by one byte: negative means null. */
const isThere = (reader: Reader): boolean => reader.readInt8() >= 0;

function readTopology(reader: Reader): Map<string, readonly string[]> {
  if (!isThere(reader)) return new Map();
  reader.readInt32(); // epoch
  const subtopologies = reader.readNullableArray((sub) => {
    const id = sub.readString();
    const sources = texts(sub);
    texts(sub); // repartition sinks
    topicInfos(sub); // changelogs
    return [id, [...sources, ...topicInfos(sub)]] as const;
  });
  reader.readTaggedFields();
  return new Map(subtopologies ?? []);
}

function readMember(reader: Reader): StreamsMember {
  const memberId = reader.readString();
  const memberEpoch = reader.readInt32();
  reader.readNullableString(); // instance
  reader.readNullableString(); // rack
  const client = { clientId: reader.readString(), clientHost: reader.readString() };
  reader.readInt32(); // topology epoch
  reader.readString(); // process
  if (isThere(reader)) {
    reader.readString();
    reader.readUnsignedInt16();
    reader.readTaggedFields();
  }
  pairs(reader); // client tags
  for (let i = 0; i < 2; i++)
    // task offsets and their ends
    reader.readArray((offset) => [offset.readString(), offset.readInt32(), offset.readInt64()]);
  const member = {
    memberId,
    memberEpoch,
    ...client,
    assignment: activeTasks(reader),
    targetAssignment: activeTasks(reader),
  };
  reader.readBoolean(); // classic
  return member;
}

export const streamsGroupDescribeV0 = describeGroupsApi(STREAMS_GROUP_DESCRIBE, 0, (group) => ({
  sources: readTopology(group),
  members: group.readArray(readMember),
}));
