/** Why a group is in trouble. In order: what may explain all the others comes first, what is only slow comes last. */
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
