/** What kind of broker a cluster is made of. Flowtap reads Kafka; the others are planned. */
export const CLUSTER_SYSTEMS = ["kafka", "rabbitmq", "aws_sqs", "gcp_pubsub"] as const;

/** Whether the tap reaches a cluster. */
export const CLUSTER_STATES = ["connecting", "connected", "unreachable"] as const;
export type ClusterState = (typeof CLUSTER_STATES)[number];

/** Where a cluster's commits come from: its commit log (`tapped`), or asking its coordinators (`polled`). */
export const COMMIT_SOURCES = ["tapped", "polled", "unknown"] as const;
export type CommitSource = (typeof COMMIT_SOURCES)[number];
