/**
 * Every column that holds one word of a list, with its list. The database checks the same words (a CHECK constraint
 * for each column); enums.contract.test.ts keeps the two equal.
 */
import { DELIVERY_STATUSES } from "#lib/domain/alert/deliveries.ts";
import { MESSAGE_KINDS } from "#lib/domain/alert/message.ts";
import { SEVERITIES } from "#lib/domain/alert/rule.ts";
import { ALERT_STATES } from "#lib/domain/alert/state.ts";
import { SERVICE_KNOWN_BY } from "#lib/domain/correlation/group-service.ts";
import { KNOWN_BY } from "#lib/domain/correlation/known-by.ts";
import { FAILURE_STATUSES, TRIAGE_STATUSES } from "#lib/domain/failure/triage.ts";
import { TOPIC_ROLES } from "#lib/domain/flow/rows.ts";
import { BACKGROUND_WORK } from "#lib/domain/health/background-work.ts";
import { CAUSES } from "#lib/domain/health/cause.ts";
import { CLUSTER_STATES, CLUSTER_SYSTEMS, COMMIT_SOURCES } from "#lib/domain/health/cluster.ts";
import { GROUP_EVENT_KINDS, GROUP_PROTOCOLS, GROUP_STATES } from "#lib/domain/health/group.ts";
import { INCIDENT_CHANGE_KINDS } from "#lib/domain/health/incident.ts";
import { LAG_FLAGS } from "#lib/domain/health/log/flag.ts";
import { REASON_KINDS } from "#lib/domain/health/reason.ts";
import { VERDICTS } from "#lib/domain/health/verdict.ts";
import { PUBLISHER_RULE_KINDS } from "#lib/domain/publisher/rules.ts";
import { ITEM_REASONS } from "#lib/domain/replay/item-reason.ts";
import { REPLAY_ITEM_STATUSES, REPLAY_KINDS, REPLAY_OUTCOMES, REPLAY_STATUSES } from "#lib/domain/replay/run.ts";

/** `tap`: Flowtap itself, when a guard pauses a replay. */
const AUDIT_ROLES = ["viewer", "operator", "tap"] as const;
/** The lists whose filters can be saved. */
const SAVED_VIEW_PAGES = ["groups"] as const;

export const COLUMN_WORDS = {
  "clusters.system": CLUSTER_SYSTEMS,
  "clusters.state": CLUSTER_STATES,
  "clusters.commit_source": COMMIT_SOURCES,
  "destinations.role": TOPIC_ROLES,
  "consumer_groups.protocol": GROUP_PROTOCOLS,
  "consumer_groups.state": GROUP_STATES,
  "consumer_groups.service_known_by": SERVICE_KNOWN_BY,
  "consumer_groups.verdict": VERDICTS,
  "consumer_groups.cause": CAUSES,
  "consumer_groups.reason_kind": REASON_KINDS,
  "group_partitions.verdict": VERDICTS,
  "group_partitions.flag": LAG_FLAGS,
  "group_events.kind": GROUP_EVENT_KINDS,
  "incidents.verdict": VERDICTS,
  "incidents.cause": CAUSES,
  "incident_changes.kind": INCIDENT_CHANGE_KINDS,
  "incident_changes.verdict": VERDICTS,
  "incident_changes.cause": CAUSES,
  "incident_changes.reason_kind": REASON_KINDS,
  "consume_rollups.verdict": VERDICTS,
  "cause_rollups.known_by": KNOWN_BY,
  "failures.status": FAILURE_STATUSES,
  "failure_triages.status": TRIAGE_STATUSES,
  "replay_runs.kind": REPLAY_KINDS,
  "replay_runs.status": REPLAY_STATUSES,
  "replay_items.status": REPLAY_ITEM_STATUSES,
  "replay_items.reason": ITEM_REASONS,
  "replay_items.outcome": REPLAY_OUTCOMES,
  "background_work.kind": BACKGROUND_WORK,
  "alerts.state": ALERT_STATES,
  "alerts.severity": SEVERITIES,
  "alert_deliveries.kind": MESSAGE_KINDS,
  "alert_deliveries.status": DELIVERY_STATUSES,
  "publisher_rules.kind": PUBLISHER_RULE_KINDS,
  "saved_views.page": SAVED_VIEW_PAGES,
  "audit_entries.role": AUDIT_ROLES,
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** `table.column` */
export type ColumnName = keyof typeof COLUMN_WORDS;
export type WordOf<C extends ColumnName> = (typeof COLUMN_WORDS)[C][number];
