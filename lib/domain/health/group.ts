/**
 * Kafka's group protocols; `simple`: commits offsets without members; `queue`: the consumers of a queue, of which each
 * message goes to one; `unknown`: not described yet.
 */
export const GROUP_PROTOCOLS = ["classic", "consumer", "share", "streams", "simple", "queue", "unknown"] as const;
export type GroupProtocol = (typeof GROUP_PROTOCOLS)[number];

/**
 * Whether the broker hands the messages out one by one, to whichever member is free: then no member has a partition of
 * its own, and no commit says how far the group has come.
 */
export const handsOutSingly = (protocol: GroupProtocol): boolean => protocol === "share" || protocol === "queue";

/** Kafka's group states, where those of all protocols that mean the same have one name. */
export const GROUP_STATES = ["stable", "empty", "rebalancing", "dead", "unknown"] as const;
export type GroupState = (typeof GROUP_STATES)[number];

/** What happened to a group at a moment. `deploy`: most members were replaced; `emptied`: all left at once. */
export const GROUP_EVENT_KINDS = ["rebalance", "joined", "left", "deploy", "rewound", "skipped", "emptied"] as const;
export type GroupEventKind = (typeof GROUP_EVENT_KINDS)[number];
