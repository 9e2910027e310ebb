/**
 * A member of a streams group (KIP-1071) that is there and does nothing: StreamsGroupHeartbeat of Apache Kafka, version
 * 0, and no more.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Admin, createAPI, findCoordinatorV4, Writer } from "@platformatic/kafka";

const HEARTBEAT_MS = 1000;
const LEAVE_EPOCH = -1;

interface Beat {
  readonly group: string;
  readonly memberId: string;
  readonly epoch: number;
  /** sent on joining only */
  readonly topics: readonly string[] | null;
  /** sent after joining: the tasks it has */
  readonly tasks: readonly Tasks[] | null;
}

interface Tasks {
  readonly subtopologyId: string;
  readonly partitions: readonly number[];
}

const appendTasks = (writer: Writer, tasks: readonly Tasks[] | null): Writer =>
  writer.appendArray(tasks === null ? null : [...tasks], (to, task) =>
    to
      .appendString(task.subtopologyId)
      .appendArray([...task.partitions], (inner, partition) => inner.appendInt32(partition), true, false),
  );

function appendTopology(writer: Writer, topics: readonly string[] | null): Writer {
  if (topics === null) return writer.appendInt8(-1);
  return writer
    .appendInt8(1)
    .appendInt32(1) // epoch
    .appendArray(["0"], (to, id) => {
      to.appendString(id).appendArray([...topics], (inner, topic) => inner.appendString(topic), true, false);
      // source expressions, changelogs, repartition sinks and sources, groups partitioned alike
      for (let i = 0; i < 5; i++) to.appendArray([], () => undefined);
    })
    .appendTaggedFields();
}

const heartbeat = createAPI<
  [Beat],
  { errorCode: number; errorMessage: string | null; epoch: number; activeTasks: Tasks[] | null }
>(
  88,
  0,
  ({ group, memberId, epoch, topics, tasks }: Beat) => {
    const writer = Writer.create()
      .appendString(group)
      .appendString(memberId)
      .appendInt32(epoch)
      .appendInt32(0)
      .appendString(null)
      .appendString(null)
      .appendInt32(topics === null ? -1 : 60_000);
    appendTopology(writer, topics);
    const none = topics === null ? null : [];
    appendTasks(writer, topics === null ? tasks : []);
    appendTasks(writer, topics === null && tasks === null ? null : []);
    appendTasks(writer, topics === null && tasks === null ? null : []);
    return writer
      .appendString(topics === null ? null : memberId) // process
      .appendInt8(-1) // endpoint
      .appendArray(none, () => undefined) // client tags
      .appendArray(null, () => undefined) // task offsets
      .appendArray(null, () => undefined) // and their ends
      .appendBoolean(false)
      .appendTaggedFields();
  },
  (_correlationId, _apiKey, _apiVersion, reader) => {
    reader.readInt32(); // throttle time
    const answer = { errorCode: reader.readInt16(), errorMessage: reader.readNullableString() };
    reader.readString(); // member id
    const epoch = reader.readInt32();
    for (let i = 0; i < 3; i++) reader.readInt32(); // intervals and lag
    reader.readNullableArray((status) => [status.readInt8(), status.readString()]);
    const activeTasks = reader.readNullableArray((task) => ({
      subtopologyId: task.readString(),
      partitions: task.readArray((at) => at.readInt32(), true, false),
    }));
    return { ...answer, epoch, activeTasks };
  },
);

export async function openStreamsMember(
  brokers: readonly string[],
  {
    group,
    clientId,
    topics,
  }: { readonly group: string; readonly clientId: string; readonly topics: readonly string[] },
): Promise<{ leave(): Promise<void> }> {
  const admin = new Admin({ clientId, bootstrapBrokers: [...brokers] });
  const memberId = randomUUID();
  const [host = "", port = ""] = (brokers[0] ?? "").split(":");
  const beat = async (what: Omit<Beat, "group" | "memberId">) => {
    const answer = await heartbeat.async(await admin.connections.get({ host, port: Number(port) }), {
      group,
      memberId,
      ...what,
    });
    if (answer.errorCode !== 0) throw new Error(`${group}: ${answer.errorCode} ${answer.errorMessage}`);
    return answer;
  };
  let { epoch, activeTasks: tasks } = await untilThere(async () => {
    // The first question makes the broker create the commit log; until it has there is no coordinator.
    await findCoordinatorV4.api.async(await admin.connections.get({ host, port: Number(port) }), 0, [group]);
    return beat({ epoch: 0, topics, tasks: null });
  });
  const timer = setInterval(() => {
    beat({ epoch, topics: null, tasks }).then(
      (answer) => {
        epoch = answer.epoch;
        tasks = answer.activeTasks ?? tasks;
      },
      (error: unknown) => console.error(error),
    );
  }, HEARTBEAT_MS);
  return {
    leave: async () => {
      clearInterval(timer);
      await beat({ epoch: LEAVE_EPOCH, topics: null, tasks: null }).catch(() => undefined);
      await admin.close();
    },
  };
}

async function untilThere<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(200);
    }
  }
}
