/** Why a group does not do what it should, from what everything else may be a consequence of, to what is only slow. */
export const CAUSES = [
  "broker_trouble",
  "data_lost",
  "rebalance_loop",
  "no_members",
  "not_consuming",
  "open_transaction",
  "poison_event",
  "hung_member",
  "rewound",
  "skipped_ahead",
  "hot_partition",
  "too_slow",
] as const;
export type Cause = (typeof CAUSES)[number];

export const CAUSE_TITLES: Readonly<Record<Cause, string>> = {
  broker_trouble: "Broker trouble",
  data_lost: "Data lost",
  rebalance_loop: "Rebalance loop",
  no_members: "No members",
  not_consuming: "Not consuming at all",
  open_transaction: "Pinned by an open transaction",
  poison_event: "Poison event",
  hung_member: "Hung member",
  rewound: "Rewound",
  skipped_ahead: "Skipped ahead",
  hot_partition: "Hot partition",
  too_slow: "Too slow",
};

/** One cause with what shows it. Everything in it can be stored and shown. */
export interface Finding {
  readonly cause: Cause;
  /** epoch ms since when it holds, as far as that is known */
  readonly sinceMs: number | null;
  /** one sentence without a full stop */
  readonly sentence: string;
  /** the partition it is about, where it is one, and the offset that matters there */
  readonly at: { readonly topic: string; readonly partition: number; readonly offset: string | null } | null;
  /** the evidence for people, in the order of weight */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** the evidence for machines: plain JSON, documented by the rule that writes it */
  readonly data: Readonly<Record<string, unknown>>;
}
