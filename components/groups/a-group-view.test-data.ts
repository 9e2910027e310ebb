import type { GroupCause, GroupView, PartitionRow } from "#lib/contracts/groups.ts";
import { CAUSE_TITLES } from "#lib/domain/lag/cause.ts";

/** A healthy group on two partitions of `orders`, but for what is said. */
export const aGroupView = (row: Partial<GroupView["row"]>, over: Partial<GroupView> = {}): GroupView => ({
  row: { cluster: "c", group: "payments", protocol: "classic", state: "Stable", members: 3, service: null, topics: ["orders"], verdict: "ok", verdictSince: null, evidence: 1, reason: null, cause: null, lagMessages: "0", timeLagMs: null, timeLagIsFloor: false, dataLossSeconds: null, lostMessages: "0", inRate: 0, outRate: 0, catchUpSeconds: null, spark: [], judgedAt: null, ...row },
  coordinator: null, generation: null, at: null, missing: null, marks: [], incidents: [], partitions: [aPartition(0), aPartition(1)], members: [], head: [], stepSeconds: 20, series: [], failures: { open: 0, lastHour: 0 }, ...over,
});

export const aPartition = (number: number, over: Partial<PartitionRow> = {}): PartitionRow => ({
  topic: "orders", partition: number, committedOffset: "100", endOffset: "110", logStartOffset: "0", lagMessages: "10", timeLagMs: 300, timeLagIsFloor: false, lastStableOffset: null, inRate: 0, outRate: 0, catchUpSeconds: null, dataLossSeconds: null, lostMessages: "0", flag: null, verdict: "ok", evidence: 1, movedAt: null, memberId: "m", clientId: `payments-${number}`, heat: [], ...over,
});

export const aCause = (cause: GroupCause["cause"], over: Partial<GroupCause> = {}): GroupCause => ({ cause, title: CAUSE_TITLES[cause], sentence: `what shows ${cause}`, since: null, at: { topic: "orders", partition: 1, offset: "91204" }, facts: [], data: {}, ...over });
