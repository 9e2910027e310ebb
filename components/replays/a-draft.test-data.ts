import type { RedrivePreview } from "#lib/contracts/replay-preview.ts";
import type { ReplayItemRow, ReplayView } from "#lib/contracts/replays.ts";

/** A draft that sends twelve dead letters to `orders` again, which the group payments reads. */
export function aDraft(preview: Partial<RedrivePreview> = {}): ReplayView {
  const progress = { total: 12, sent: 0, skipped: 0, failed: 0, pending: 12, verified: 0, failedAgain: 0 };
  return {
    row: {
      id: 41,
      kind: "redrive",
      status: "draft",
      cluster: "prod",
      group: "payments",
      revision: 1,
      createdBy: "mia",
      reason: "",
      createdAt: "2026-11-21T14:00:00.000Z",
      startedAt: null,
      finishedAt: null,
      hold: null,
      error: null,
      sandbox: null,
      progress,
    },
    preview: {
      kind: "redrive",
      items: 12,
      excluded: [],
      targets: [
        {
          cluster: "prod",
          topic: "orders",
          items: 12,
          by: "topic",
          receivers: [
            {
              group: "payments",
              failedThere: true,
              probablyFailedThere: false,
              declaredIdempotent: false,
              trouble: null,
            },
          ],
        },
      ],
      keys: [],
      leftOut: [],
      partitions: [],
      stale: { items: 0, choice: "ask" },
      namedTargets: [],
      excludedByHand: [],
      plainItems: 0,
      to: { how: "topic" },
      time: "now",
      ratePerSecond: 50,
      canary: { items: 1, timeoutSeconds: 120, then: "pause" },
      stopAbove: 0.2,
      cli: "kcat …",
      ...preview,
    },
    items: { items: [], total: 12, next: null },
    recentPerSecond: 0,
    outcomes: {
      consumed: 0,
      deadLettered: 0,
      otherCause: 0,
      waiting: 0,
      notSent: 12,
      unknown: 0,
      notApplicable: 0,
    },
    undo: { possible: false, undoes: null, undoneBy: null },
    log: [],
  };
}

/** An item of that draft: offset 7 of `orders-dlt`. */
export const anItem = (): ReplayItemRow => ({
  seq: 3,
  failureId: "9",
  sourceTopic: "orders-dlt",
  sourcePartition: 0,
  sourceOffset: "7",
  targetTopic: "orders",
  targetPartition: null,
  targetOffset: null,
  key: "cust-77",
  newerOffset: null,
  edited: false,
  status: "pending",
  reason: null,
  detail: null,
  sentAt: null,
  outcome: "not_sent",
  outcomeAt: null,
  again: null,
  traceId: null,
});
