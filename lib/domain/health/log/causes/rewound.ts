import { PARTITIONS_LISTED, type FindingOf } from "../../finding.ts";
import type { GroupSituation, PartitionSituation, Rewind } from "../situation.ts";

/** A rewind over this many events was made on purpose, or is a fault, and is reported at once. */
const MANY = 100n;
/** A smaller one, or one that may be a failing consumer's retry, is usually over within this time. */
const FEW_FOR_MS = 15_000;

/** Commits went back, and the group consumes again what it had consumed. */
export function rewound(situation: GroupSituation): FindingOf<"rewound"> | null {
  const back = situation.partitions.flatMap((at) => {
    const { rewind, committedOffset } = at;
    if (rewind === null || committedOffset === null || !isSetBack(at, rewind, committedOffset, situation.nowMs))
      return [];
    return [{ at, rewind, left: rewind.from - committedOffset }];
  });
  back.sort((a, b) => (b.left > a.left ? 1 : -1));
  const [worst] = back;
  if (worst === undefined) return null;
  return {
    cause: "rewound",
    sinceMs: back.reduce((first, { rewind }) => Math.min(first, rewind.atMs), Infinity),
    at: { topic: worst.at.topic, partition: worst.at.partition, offset: String(worst.rewind.to) },
    data: {
      messages: String(back.reduce((sum, { rewind }) => sum + rewind.from - rewind.to, 0n)),
      left: String(back.reduce((sum, one) => sum + one.left, 0n)),
      partitions: back.slice(0, PARTITIONS_LISTED).map(({ at, rewind }) => ({
        topic: at.topic,
        partition: at.partition,
        from: String(rewind.from),
        to: String(rewind.to),
        at: new Date(rewind.atMs).toISOString(),
      })),
      partitionCount: back.length,
    },
  };
}

function isSetBack(at: PartitionSituation, rewind: Rewind, committedOffset: bigint, nowMs: number): boolean {
  if (committedOffset >= rewind.from || at.lagMessages === 0n) return false;
  // A consumer that is back where it stood before, and has not moved since, fails there: that is a poison event.
  if (rewind.isReturn && committedOffset <= rewind.to) return false;
  return (rewind.from - rewind.to >= MANY && !rewind.isReturn) || nowMs - rewind.atMs >= FEW_FOR_MS;
}
