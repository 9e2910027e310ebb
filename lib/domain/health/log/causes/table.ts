import { CAUSES, type Cause } from "../../cause.ts";
import type { Finding, FindingOf } from "../../finding.ts";
import type { GroupSituation } from "../situation.ts";
import { brokerTrouble } from "./broker-trouble.ts";
import { dataLost } from "./data-lost.ts";
import { hotPartition } from "./hot-partition.ts";
import { hungMember } from "./hung-member.ts";
import { noMembers } from "./no-members.ts";
import { notConsuming } from "./not-consuming.ts";
import { openTransaction } from "./open-transaction.ts";
import { poisonEvent } from "./poison-event.ts";
import { rebalanceLoop } from "./rebalance-loop.ts";
import { rewound } from "./rewound.ts";
import { skippedAhead } from "./skipped-ahead.ts";
import { tooSlow } from "./too-slow.ts";

export type CauseRule<C extends Cause> = (situation: GroupSituation) => FindingOf<C> | null;

export const CAUSE_RULES: { readonly [C in Cause]: CauseRule<C> } = {
  broker_trouble: brokerTrouble,
  data_lost: dataLost,
  rebalance_loop: rebalanceLoop,
  no_members: noMembers,
  not_consuming: notConsuming,
  open_transaction: openTransaction,
  poison_event: poisonEvent,
  hung_member: hungMember,
  rewound,
  skipped_ahead: skippedAhead,
  hot_partition: hotPartition,
  too_slow: tooSlow,
};

/** The one cause that is reported: the first in the order of CAUSES that holds. The later ones may follow from it. */
export function findCause(situation: GroupSituation): Finding | null {
  for (const cause of CAUSES) {
    const finding = CAUSE_RULES[cause](situation);
    if (finding !== null) return finding;
  }
  return null;
}
