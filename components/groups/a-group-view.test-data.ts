import { storedCause, type GroupCause } from "#lib/contracts/group-cause.ts";
import type { GroupView, PartitionRow } from "#lib/contracts/groups.ts";
import type { Cause } from "#lib/domain/health/cause.ts";

/** A healthy group on two partitions of `orders`, changed by `row` and `over`. */
export const aGroupView = (row: Partial<GroupView["row"]>, over: Partial<GroupView> = {}): GroupView => ({
  row: {
    cluster: "c",
    group: "payments",
    protocol: "classic",
    state: "Stable",
    members: 3,
    service: null,
    topics: ["orders"],
    verdict: "ok",
    verdictSince: null,
    evidence: 1,
    reason: null,
    reasonKind: null,
    cause: null,
    lagMessages: "0",
    timeLagMs: null,
    timeLagIsFloor: false,
    dataLossSeconds: null,
    lostMessages: "0",
    inRate: 0,
    outRate: 0,
    catchUpSeconds: null,
    spark: [],
    evaluatedAt: null,
    ...row,
  },
  coordinator: null,
  generation: null,
  at: null,
  missing: null,
  events: [],
  incidents: [],
  partitions: [aPartition(0), aPartition(1)],
  members: [],
  head: [],
  stepSeconds: 20,
  series: [],
  failures: { open: 0, lastHour: 0 },
  ...over,
});

export const aPartition = (number: number, over: Partial<PartitionRow> = {}): PartitionRow => ({
  topic: "orders",
  partition: number,
  committedOffset: "100",
  endOffset: "110",
  logStartOffset: "0",
  lagMessages: "10",
  timeLagMs: 300,
  timeLagIsFloor: false,
  lastStableOffset: null,
  inRate: 0,
  outRate: 0,
  catchUpSeconds: null,
  dataLossSeconds: null,
  lostMessages: "0",
  flag: null,
  verdict: "ok",
  evidence: 1,
  movedAt: null,
  memberId: "m",
  clientId: `payments-${number}`,
  heat: [],
  ...over,
});

/** A cause as it is read from the database; `data` may be anything. */
export function aCause(cause: Cause, over: Partial<Omit<GroupCause, "cause" | "data">> & { data?: unknown } = {}) {
  const stored = storedCause(
    {
      cause,
      sentence: `what shows ${cause}`,
      sinceMs: null,
      at: { topic: "orders", partition: 1, offset: "91204" },
      facts: [],
      data: {},
      ...over,
    },
    over.since === undefined || over.since === null ? null : new Date(over.since),
  );
  if (stored === null) throw new Error(`no cause: ${cause}`);
  return stored;
}
