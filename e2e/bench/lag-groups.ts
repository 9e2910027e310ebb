/** Consumer groups by the thousand, as many as the time allows. */
import { setTimeout as sleep } from "node:timers/promises";
import { Admin as PlatformaticAdmin, findCoordinatorV4, offsetCommitV8 } from "@platformatic/kafka";
import { PROBE_GROUP, BUSY_TOPIC, TARGET, BUSY_RECORDS, BUSY_PARTITIONS, type Topics } from "./lag-scale.ts";

const GROUPS_WITHIN_MS = 60_000;
/** a broker that still opens thousands of partitions takes its time */
const COORDINATOR_WITHIN_MS = 120_000;
const TOPICS_PER_GROUP = 4;
/**
 * Of the many groups on one topic one in ten is behind. The others have read everything, as most idle groups have.
 */
const ONE_BEHIND_IN = 10;
const AT_ONCE = 32;
type Commit = Parameters<typeof offsetCommitV8.api.async>[5];

export interface Committer {
  /** without a member, as a consumer that assigns itself its partitions */
  commit(group: string, topics: Commit): Promise<void>;
  close(): Promise<void>;
}

export async function openCommitter(brokers: readonly string[]): Promise<Committer> {
  const admin = new PlatformaticAdmin({
    clientId: "bench",
    bootstrapBrokers: [...brokers],
    requestTimeout: 60_000,
    maxInflights: AT_ONCE,
  });
  const [host = "", port = ""] = (brokers[0] ?? "").split(":");
  const connection = () => admin.connections.get({ host, port: Number(port) });
  return {
    commit: async (group, topics) => {
      for (const until = performance.now() + COORDINATOR_WITHIN_MS; ; ) {
        try {
          await offsetCommitV8.api.async(await connection(), group, -1, "", null, topics);
          return;
        } catch (error) {
          if (performance.now() > until) throw error;
          // The first question makes the broker create the commit log; until it has there is no coordinator.
          await findCoordinatorV4.api.async(await connection(), 0, [group]).catch(() => undefined);
          await sleep(200);
        }
      }
    },
    close: () => admin.close(),
  };
}

export interface Groups {
  readonly names: readonly string[];
  readonly ordinary: number;
  readonly onOneTopic: number;
  /** partitions that groups have committed, all together */
  readonly commits: number;
}

/**
 * Groups in proportion to the topics there are, each on a few of them, and then as many on the busy topic as
 * there is time for.
 */
export async function fillWithGroups(
  brokers: readonly string[],
  { names, partitionsOf, partitions }: Topics,
): Promise<Groups> {
  const committer = await openCommitter(brokers);
  const deadline = performance.now() + GROUPS_WITHIN_MS;
  const made: string[] = [];
  let commits = 0;
  const offsetsOf = (topic: string, offset = 0n): Commit[number] => ({
    name: topic,
    partitions: Array.from({ length: partitionsOf.get(topic) ?? 0 }, (_, partitionIndex) => ({
      partitionIndex,
      committedOffset: offset,
      committedLeaderEpoch: -1,
    })),
  });
  const make = async (
    count: number,
    nameOf: (n: number) => string,
    topicsOf: (n: number) => Commit,
  ): Promise<number> => {
    let next = 0;
    const worker = async () => {
      for (let n = next++; n < count && performance.now() < deadline; n = next++) {
        const topics = topicsOf(n);
        await committer.commit(nameOf(n), topics);
        made.push(nameOf(n));
        commits += topics.reduce((sum, topic) => sum + topic.partitions.length, 0);
      }
    };
    const before = made.length;
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return made.length - before;
  };
  await committer.commit(PROBE_GROUP, [
    { name: BUSY_TOPIC, partitions: [{ partitionIndex: 0, committedOffset: 0n, committedLeaderEpoch: -1 }] },
  ]);
  const others = names.slice(1);
  const ordinary = await make(
    Math.round((TARGET.groups * partitions) / TARGET.partitions),
    (n) => `bench-group-${n}`,
    (n) =>
      Array.from({ length: TOPICS_PER_GROUP }, (_, i) =>
        offsetsOf(others[(n * TOPICS_PER_GROUP + i) % others.length] ?? BUSY_TOPIC),
      ),
  );
  const onOneTopic = await make(
    TARGET.groupsOnOneTopic,
    (n) => `bench-busy-${n}`,
    (n) => [offsetsOf(BUSY_TOPIC, n % ONE_BEHIND_IN === 0 ? 0n : BigInt(BUSY_RECORDS / BUSY_PARTITIONS))],
  );
  await committer.close();
  return { names: made, ordinary, onOneTopic, commits };
}
