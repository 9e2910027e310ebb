import type { Finding, FindingWords, ReportedFinding } from "../finding.ts";
import { brokerTroubleWords } from "./broker-trouble.ts";
import type { WordsContext } from "./context.ts";
import { dataLostWords } from "./data-lost.ts";
import { hotPartitionWords } from "./hot-partition.ts";
import { hungMemberWords } from "./hung-member.ts";
import { noMembersWords } from "./no-members.ts";
import { notConsumingWords } from "./not-consuming.ts";
import { openTransactionWords } from "./open-transaction.ts";
import { poisonEventWords } from "./poison-event.ts";
import { rebalanceLoopWords } from "./rebalance-loop.ts";
import { rewoundWords } from "./rewound.ts";
import { skippedAheadWords } from "./skipped-ahead.ts";
import { tooSlowWords } from "./too-slow.ts";

/** The sentence and the facts of a finding, as of `nowMs`. The only place where findings become text. */
function findingWords(finding: Finding, context: WordsContext): FindingWords {
  switch (finding.cause) {
    case "broker_trouble":
      return brokerTroubleWords(finding, context);
    case "data_lost":
      return dataLostWords(finding, context);
    case "rebalance_loop":
      return rebalanceLoopWords(finding, context);
    case "no_members":
      return noMembersWords(finding, context);
    case "not_consuming":
      return notConsumingWords(finding, context);
    case "open_transaction":
      return openTransactionWords(finding, context);
    case "poison_event":
      return poisonEventWords(finding, context);
    case "hung_member":
      return hungMemberWords(finding, context);
    case "rewound":
      return rewoundWords(finding, context);
    case "skipped_ahead":
      return skippedAheadWords(finding, context);
    case "hot_partition":
      return hotPartitionWords(finding, context);
    case "too_slow":
      return tooSlowWords(finding, context);
  }
}

export const withWords = (finding: Finding, context: WordsContext): ReportedFinding => ({
  ...finding,
  ...findingWords(finding, context),
});
