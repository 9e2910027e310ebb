import type { GroupView } from "#lib/contracts/groups.ts";
import { brokerTroubleSteps } from "./broker.ts";
import { noMembersSteps, notConsumingSteps, rebalanceLoopSteps } from "./members.ts";
import { dataLostSteps, rewoundSteps, skippedAheadSteps } from "./offsets.ts";
import { hotPartitionSteps, tooSlowSteps } from "./slow.ts";
import { queueSteps } from "./queue.ts";
import type { NextStep } from "./step.ts";
import { hungMemberSteps, openTransactionSteps, poisonEventSteps } from "./stuck.ts";

/**
 * What to do about a group, by the cause that was found: in words, with the page to look at or the command to run. None
 * where no cause is known. A step whose evidence is missing is left out.
 */
export function nextSteps(view: GroupView): readonly NextStep[] {
  const { cause, protocol } = view.row;
  if (cause !== null && protocol === "queue") return queueSteps(view, cause);
  switch (cause?.cause) {
    case undefined:
      return [];
    case "broker_trouble":
      return brokerTroubleSteps(view, cause);
    case "data_lost":
      return dataLostSteps(view, cause);
    case "rebalance_loop":
      return rebalanceLoopSteps(view, cause);
    case "no_members":
      return noMembersSteps(view, cause);
    case "not_consuming":
      return notConsumingSteps(view, cause);
    case "open_transaction":
      return openTransactionSteps(view, cause);
    case "poison_event":
      return poisonEventSteps(view, cause);
    case "hung_member":
      return hungMemberSteps(view, cause);
    case "rewound":
      return rewoundSteps(view, cause);
    case "skipped_ahead":
      return skippedAheadSteps(view, cause);
    case "hot_partition":
      return hotPartitionSteps(view, cause);
    case "too_slow":
      return tooSlowSteps(view, cause);
  }
}
