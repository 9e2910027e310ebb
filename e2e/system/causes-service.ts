/** A scenario of the tests of causes: a healthy service gets into trouble and is mended. */
import type { Cause } from "#lib/domain/health/cause.ts";
import { SHOP, type CausesWorld } from "./causes-world.ts";
import { startKafkaJs, type KafkaJsOptions } from "./consumers/kafkajs-consumer.ts";
import { takes, type RunningConsumer, type Work } from "./consumers/work.ts";

export interface Scenario {
  readonly what: string;
  readonly cluster: string;
  readonly group: string;
  /** of the topic that is named like the group; 0: it reads one that is there already */
  readonly partitions: number;
  /** null: nothing is ever wrong with it */
  readonly cause: Cause | null;
  /** what is true too once it is being mended */
  readonly whileMending?: readonly Cause[];
  /** true: it has a backlog to work off when its trouble begins */
  readonly isBehind?: boolean;
  /** true: it goes on consuming all the time, so that it may never be said to have stopped */
  readonly isMoving?: boolean;
  /** its members join */
  prepare(): Promise<void>;
  /** events begin to come */
  feed(): Promise<void>;
  spoil(): Promise<void>;
  mend(): Promise<void>;
  stop(): Promise<void>;
}

export type Start = (options: KafkaJsOptions) => Promise<RunningConsumer>;
export const WELL = takes(2);

export interface SteadyOptions extends Pick<KafkaJsOptions, "concurrency" | "retry"> {
  readonly partitions: number;
  readonly perSecond: number;
  readonly members?: number;
  readonly start?: Start;
}

/** The base of most scenarios: a topic named like its group, a steady rate of events, and members that process them. */
export function steady(
  world: CausesWorld,
  group: string,
  { partitions, perSecond, members = 1, concurrency, retry, start = startKafkaJs }: SteadyOptions,
) {
  const running: RunningConsumer[] = [];
  const startMember = async (work: Work = WELL, more: Partial<KafkaJsOptions> = {}): Promise<RunningConsumer> => {
    const member = await start({
      brokers: world.brokers,
      group,
      topic: group,
      clientId: `${group}-${running.length + 1}`,
      work,
      ...(concurrency !== undefined && { concurrency }),
      ...(retry !== undefined && { retry }),
      ...more,
    });
    running.push(member);
    return member;
  };
  const stop = async (): Promise<void> => void (await Promise.all(running.splice(0).map((member) => member.stop())));
  return {
    cluster: SHOP,
    group,
    partitions,
    running,
    startMember,
    stop,
    feed: (): Promise<void> =>
      Promise.resolve(
        perSecond > 0 ? world.traffic.set({ topic: group, perSecond, partition: (n) => n % partitions }) : undefined,
      ),
    prepare: async (): Promise<void> => {
      for (let i = 0; i < members; i++) await startMember();
    },
    setWork: (work: Work): void => running.forEach((member) => member.setWork(work)),
  };
}
