/** Kafka's group protocols; `simple`: commits offsets without members; `unknown`: not described yet. */
export const GROUP_PROTOCOLS = ["classic", "consumer", "share", "streams", "simple", "unknown"] as const;
export type GroupProtocol = (typeof GROUP_PROTOCOLS)[number];

/** Kafka's group states, where those of all protocols that mean the same have one name. */
export const GROUP_STATES = ["stable", "empty", "rebalancing", "dead", "unknown"] as const;
export type GroupState = (typeof GROUP_STATES)[number];

/** What happened to a group at a moment. `deploy`: most members were replaced; `emptied`: all left at once. */
export const GROUP_EVENT_KINDS = ["rebalance", "joined", "left", "deploy", "rewound", "skipped", "emptied"] as const;
export type GroupEventKind = (typeof GROUP_EVENT_KINDS)[number];
