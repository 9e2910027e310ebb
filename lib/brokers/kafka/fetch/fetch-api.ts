/**
 * Kafka's Fetch request and its answer. The records stay bytes: the client's own parser makes objects of each record,
 * without a bound. https://kafka.apache.org/protocol#The_Messages_Fetch
 */
import { createAPI, Writer, type API, type Reader } from "@platformatic/kafka";

export const FETCH = 1;
/** Topics go by id from version 13 on, by name before. */
const FIRST_BY_ID = 13;
/** The first version that only replicas send their id in. */
const FIRST_WITHOUT_REPLICA = 15;
/** Kafka 3.0 */
const OLDEST = 12;

export interface FetchedFrom {
  readonly partition: number;
  readonly fetchOffset: bigint;
  /** of the last record that was read; -1: not known. By it the broker sees that its log is no longer the one read. */
  readonly lastFetchedEpoch: number;
  readonly maxBytes: number;
}

interface TopicName {
  readonly topic: string;
  /** a UUID */
  readonly topicId: string;
}

export interface FetchTopic extends TopicName {
  readonly partitions: readonly FetchedFrom[];
}

export interface FetchRequest {
  readonly maxWaitMs: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  readonly isolation: "read_committed" | "read_uncommitted";
  /** KIP-227: 0 and 0 open a session, 0 and -1 do without one */
  readonly sessionId: number;
  readonly sessionEpoch: number;
  readonly topics: readonly FetchTopic[];
  /** what the session is to leave out from now on */
  readonly forgotten: readonly (TopicName & { readonly partitions: readonly number[] })[];
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly logStartOffset: bigint;
  /** where the log stops being the one that was read; null: it is the same */
  readonly divergesAt: bigint | null;
  readonly aborted: readonly AbortedTransaction[];
  readonly records: Buffer;
}

export interface FetchAnswer {
  readonly errorCode: number;
  readonly sessionId: number;
  /** `topic` is an id or a name, as it was asked */
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly FetchedPartition[] }[];
}

export type FetchApi = API<[FetchRequest], FetchAnswer> & { readonly isById: boolean };

const APIS = new Map([OLDEST, FIRST_BY_ID, FIRST_WITHOUT_REPLICA].map((version) => [version, openApi(version)]));

/** For brokers that support at most this version. */
export function fetchApiFor(maxVersion: number): FetchApi {
  const version = [FIRST_WITHOUT_REPLICA, FIRST_BY_ID].find((one) => one <= maxVersion) ?? OLDEST;
  return APIS.get(version) as FetchApi;
}

function openApi(version: number): FetchApi {
  const isById = version >= FIRST_BY_ID;
  const api = createAPI<[FetchRequest], FetchAnswer>(
    FETCH,
    version,
    (request: FetchRequest) => writeRequest(request, version),
    (_correlationId, _apiKey, _apiVersion, reader) => readAnswer(reader, isById),
  );
  return Object.assign(api, { isById });
}

function writeRequest(request: FetchRequest, version: number): Writer {
  const isById = version >= FIRST_BY_ID;
  const writer = Writer.create();
  if (version < FIRST_WITHOUT_REPLICA) writer.appendInt32(-1);
  const name = (to: Writer, { topic, topicId }: TopicName): Writer =>
    isById ? to.appendUUID(topicId) : to.appendString(topic);
  return writer
    .appendInt32(request.maxWaitMs)
    .appendInt32(request.minBytes)
    .appendInt32(request.maxBytes)
    .appendInt8(request.isolation === "read_committed" ? 1 : 0)
    .appendInt32(request.sessionId)
    .appendInt32(request.sessionEpoch)
    .appendArray([...request.topics], (to, topic) => {
      name(to, topic).appendArray([...topic.partitions], (w, at) => {
        w.appendInt32(at.partition)
          .appendInt32(-1)
          .appendInt64(at.fetchOffset)
          .appendInt32(at.lastFetchedEpoch)
          .appendInt64(-1n)
          .appendInt32(at.maxBytes);
      });
    })
    .appendArray([...request.forgotten], (to, topic) => {
      name(to, topic).appendArray([...topic.partitions], (w, one) => w.appendInt32(one), true, false);
    })
    .appendString("")
    .appendTaggedFields();
}

function readAnswer(reader: Reader, isById: boolean): FetchAnswer {
  reader.readInt32(); // throttle time: the broker itself waits
  return {
    errorCode: reader.readInt16(),
    sessionId: reader.readInt32(),
    topics: reader.readArray((r) => ({
      topic: isById ? r.readUUID() : r.readString(),
      partitions: r.readArray(readPartition, true, false),
    })),
  };
}

function readPartition(reader: Reader): FetchedPartition {
  const read = {
    partition: reader.readInt32(),
    errorCode: reader.readInt16(),
    highWatermark: reader.readInt64(),
    lastStableOffset: reader.readInt64(),
    logStartOffset: reader.readInt64(),
    aborted: reader.readNullableArray((r) => ({ producerId: r.readInt64(), firstOffset: r.readInt64() })) ?? [],
  };
  reader.readInt32(); // preferred read replica: Flowtap reads from leaders
  const size = reader.readUnsignedVarInt() - 1;
  const from = reader.position;
  if (size > 0) reader.skip(size);
  const records = size > 0 ? reader.buffer.slice(from, from + size) : Buffer.alloc(0);
  return { ...read, records, divergesAt: readDivergence(reader) };
}

/** Tagged field 0: epoch and end offset of the last part that the log shares with what was read. */
function readDivergence(reader: Reader): bigint | null {
  let divergesAt: bigint | null = null;
  for (let left = reader.readUnsignedVarInt(); left > 0; left--) {
    const tag = reader.readUnsignedVarInt();
    const size = reader.readUnsignedVarInt();
    const end = reader.position + size;
    if (tag === 0) {
      const epoch = reader.readInt32();
      const endOffset = reader.readInt64();
      if (epoch >= 0 || endOffset >= 0n) divergesAt = endOffset;
    }
    reader.skip(end - reader.position);
  }
  return divergesAt;
}
