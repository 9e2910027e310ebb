/** Troubles that come from the log and from those who set offsets by hand. */
import { steady, type Scenario } from "./causes-service.ts";
import type { CausesWorld } from "./causes-world.ts";
import { takes } from "./consumers/work.ts";

const HISTORY = 3000;
export const history = (count: number, partitions: number) =>
  Array.from({ length: count }, (_, n) => ({ partition: n % partitions, key: `k-${n}`, value: `{"n":${n}}` }));
const everywhere = (topic: string, partitions: number, offset: bigint) =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset }));

export function rewound(world: CausesWorld): Scenario {
  const base = steady(world, "audits", { partitions: 2, perSecond: 4 });
  return {
    ...base,
    what: "an operator who sets the offsets back to the beginning",
    cause: "rewound",
    feed: async () => {
      await world.traffic.send(base.group, history(HISTORY, 2));
      await base.feed();
    },
    spoil: async () => {
      await base.stop();
      await world.inspector.resetOffsets(base.group, everywhere(base.group, 2, 0n));
      await base.startMember(takes(40));
    },
    mend: () => Promise.resolve(base.setWork(takes(0))),
  };
}

export function skippedAhead(world: CausesWorld): Scenario {
  const base = steady(world, "exports", { partitions: 1, perSecond: 4 });
  let stood: bigint | null = null;
  return {
    ...base,
    what: "an operator who sets the offsets to the end with thousands unread",
    cause: "skipped_ahead",
    whileMending: ["rewound"],
    isBehind: true,
    feed: async () => {
      base.setWork(takes(10));
      await world.traffic.send(base.group, history(HISTORY * 3, 1));
      await base.feed();
    },
    spoil: async () => {
      await base.stop();
      stood = (await world.inspector.committed([base.group]))[0]?.offset ?? 0n;
      const end = (await world.inspector.logOffsets([{ topic: base.group, partition: 0 }]))[0]?.endOffset ?? 0n;
      if (end - stood < 1000n) throw new Error(`only ${end - stood} events are left to skip`);
      await world.inspector.resetOffsets(base.group, everywhere(base.group, 1, end));
      await base.startMember();
    },
    mend: async () => {
      await base.stop();
      await world.inspector.resetOffsets(base.group, everywhere(base.group, 1, stood ?? 0n));
      await base.startMember(takes(0));
    },
  };
}
