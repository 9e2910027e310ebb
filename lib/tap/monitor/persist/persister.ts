/** The stage that writes what was reported, all in one transaction. */
import type pg from "pg";
import { inTransaction } from "#lib/store/db/transaction.ts";
import type { OffsetsRow } from "#lib/store/destinations/offsets-write.ts";
import { writePartitionEvaluations } from "#lib/store/groups/partition-evaluations-write.ts";
import { closeGoneGroups } from "#lib/store/groups/gone-groups-write.ts";
import { notifyEvaluated, writeGroupEvaluations } from "#lib/store/groups/group-evaluations-write.ts";
import { writeJumpEvents } from "#lib/store/groups/history-write.ts";
import { writeIncidentChanges } from "#lib/store/groups/incidents-write.ts";
import { writeLagPoints } from "#lib/store/groups/lag-points-write.ts";
import type { Polled } from "../poll/polled.ts";
import type { ReportedStatus } from "../report/reported-status.ts";
import type { Reported } from "../report/reporter.ts";
import type { Known } from "../state/reconciler.ts";
import { ChangedRows } from "./changed-rows.ts";
import { OffsetsRecorder } from "./offsets-recorder.ts";

export interface CycleRows {
  readonly polled: Pick<Polled, "groups">;
  readonly offsets: readonly OffsetsRow[];
  readonly known: Pick<Known, "jumpEvents">;
  readonly reported: Reported;
  readonly nowMs: number;
}

export class Persister {
  readonly #client: pg.Client;
  readonly #clusterId: number;
  readonly #status: ReportedStatus;
  readonly #changed = new ChangedRows();
  readonly #offsets = new OffsetsRecorder();

  constructor(client: pg.Client, clusterId: number, status: ReportedStatus) {
    this.#client = client;
    this.#clusterId = clusterId;
    this.#status = status;
  }

  async persist({ polled, offsets, known, reported, nowMs }: CycleRows): Promise<void> {
    await inTransaction(this.#client, async () => {
      await this.#offsets.record(this.#client, offsets, nowMs);
      await writePartitionEvaluations(this.#client, reported.partitions);
      await writeGroupEvaluations(this.#client, this.#changed.changed(reported.groups, nowMs));
      await writeLagPoints(this.#client, this.#changed.changedPoints(reported.points, nowMs));
      await writeJumpEvents(this.#client, known.jumpEvents);
      await this.#writeIncidents(reported, nowMs);
      this.#status.forget(await closeGoneGroups(this.#client, this.#clusterId));
      await notifyEvaluated(this.#client);
    });
    this.#changed.forgetOthers(polled.groups);
  }

  /** Nothing is known of the groups but that the cluster does not answer. */
  async persistOutage(reported: Reported, nowMs: number): Promise<void> {
    await inTransaction(this.#client, async () => {
      await writeGroupEvaluations(this.#client, this.#changed.changed(reported.groups, nowMs));
      await this.#writeIncidents(reported, nowMs);
      await notifyEvaluated(this.#client);
    });
  }

  /** In the transaction of the evaluations they follow from: a tap that dies neither repeats nor loses an incident. */
  async #writeIncidents({ incidents }: Reported, nowMs: number): Promise<void> {
    this.#status.setOpened(await writeIncidentChanges(this.#client, this.#clusterId, incidents, nowMs));
  }
}
