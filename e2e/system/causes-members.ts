/** Troubles whose root is in the services themselves. */
import { setTimeout as sleep } from "node:timers/promises";
import { steady, WELL, type Scenario, type Start, type SteadyOptions } from "./causes-service.ts";
import type { CausesWorld } from "./causes-world.ts";
import { startComingAndGoing } from "./consumers/kafkajs-consumer.ts";
import { failsOnOneOf, hangs, takes, type Work } from "./consumers/work.ts";

export function poisoned(world: CausesWorld, group: string, what: string, options: SteadyOptions): Scenario {
  const base = steady(world, group, options);
  return {
    ...base,
    what,
    cause: "poison_event",
    spoil: () => Promise.resolve(base.setWork(failsOnOneOf(1))),
    mend: () => Promise.resolve(base.setWork(WELL)),
  };
}

export function hung(world: CausesWorld, group: string, what: string, start: Start): Scenario {
  const base = steady(world, group, { partitions: 4, perSecond: 12, members: 2, start });
  const mended = new AbortController();
  return {
    ...base,
    what,
    cause: "hung_member",
    spoil: () => Promise.resolve(base.running[0]?.setWork(hangs(mended.signal))),
    mend: () => {
      base.setWork(WELL);
      mended.abort();
      return Promise.resolve();
    },
    stop: () => {
      mended.abort();
      return base.stop();
    },
  };
}

export function deserted(world: CausesWorld, group: string, what: string, start: Start): Scenario {
  const base = steady(world, group, { partitions: 2, perSecond: 5, start });
  return { ...base, what, cause: "no_members", spoil: base.stop, mend: async () => void (await base.startMember()) };
}

export function churning(world: CausesWorld): Scenario {
  const group = "parcel-labels";
  const base = steady(world, group, { partitions: 4, perSecond: 12 });
  let comingAndGoing: ReturnType<typeof startComingAndGoing> | null = null;
  // Longer than any rest between two rebalances.
  const tooLong: Work = async ({ heartbeat }) => {
    for (let i = 0; i < 50; i++) {
      await heartbeat();
      await sleep(100);
    }
  };
  const settle = async () => void (await comingAndGoing?.stop());
  return {
    ...base,
    what: "members that come and go, and work that never gets done between",
    cause: "rebalance_loop",
    spoil: () => {
      base.setWork(tooLong);
      comingAndGoing = startComingAndGoing({
        brokers: world.brokers,
        group,
        topic: group,
        clientId: `${group}-crashing`,
      });
      return Promise.resolve();
    },
    mend: async () => {
      base.setWork(WELL);
      await settle();
    },
    stop: async () => {
      await settle();
      await base.stop();
    },
  };
}

export function tooSlow(world: CausesWorld): Scenario {
  const base = steady(world, "thumbnails", { partitions: 2, perSecond: 16 });
  return {
    ...base,
    what: "work that takes five times as long as events take to come",
    cause: "too_slow",
    isMoving: true,
    spoil: () => Promise.resolve(base.setWork(takes(300))),
    mend: () => Promise.resolve(base.setWork(takes(0))),
  };
}

export function hotPartition(world: CausesWorld): Scenario {
  const base = steady(world, "carts", { partitions: 6, perSecond: 15, concurrency: 6 });
  return {
    ...base,
    what: "nine of ten events with the same key",
    cause: "hot_partition",
    isMoving: true,
    spoil: () => {
      world.traffic.set({
        topic: "carts",
        perSecond: 15,
        key: (n) => (n % 10 === 0 ? `customer-${n}` : "customer-whale"),
      });
      return Promise.resolve(base.setWork(takes(150)));
    },
    mend: () => Promise.resolve(base.setWork(takes(0))),
  };
}

export function neverCommitting(world: CausesWorld): Scenario {
  const base = steady(world, "reports", { partitions: 2, perSecond: 3, members: 0 });
  return {
    ...base,
    what: "a service that reads and never commits",
    cause: "not_consuming",
    spoil: async () => void (await base.startMember(WELL, { commits: false })),
    mend: async () => {
      await base.stop();
      await base.startMember();
    },
  };
}
