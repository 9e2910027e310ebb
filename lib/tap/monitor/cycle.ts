/** One cycle of the monitor: poll → reconcile → evaluate → report → persist. */
import type { Polled } from "./poll/polled.ts";
import type { Stages } from "./stages.ts";

export class Cycle {
  readonly #stages: Stages;
  #before: Polled | null = null;

  constructor(stages: Stages) {
    this.#stages = stages;
  }

  /** Rejects with BrokerFault where the broker does not answer; the next run goes on from what is remembered. */
  async run(): Promise<void> {
    const { poller, stateReader, reconciler, certainty, partitions, groups, reporter, hotKeys, persister } =
      this.#stages;

    const polled = await poller.poll();
    // Committed offsets are read before the log ends they are compared with: lag is overstated by a moment rather than
    // negative. Commits of transactions that end after this are left to the next cycle.
    const horizon = await stateReader.refresh(polled.groups, polled.reassigned, Date.now());
    const offsets = await poller.pollOffsets(polled);
    const nowMs = Date.now();
    const moment = { nowMs, ...certainty.at(nowMs) };

    const known = await reconciler.reconcile(polled, this.#before, offsets, horizon, nowMs);

    // Both evaluations are generators that the report consumes, so the partitions of all groups are never held at once.
    const evaluatedPartitions = partitions.evaluate(polled.topicOf, known.settingsOf, nowMs);
    const evaluatedGroups = groups.evaluate(evaluatedPartitions, { ...polled, ...known, ...moment });

    const reported = reporter.report(evaluatedGroups, moment);
    const withKeys = await hotKeys.addTo(reported, polled.destinationOf, nowMs);

    await persister.persist({ polled, offsets, known, reported: withKeys, nowMs });
    this.#before = polled;
  }

  /** The cluster has not answered since then: that is reported of its groups. */
  async outage(reason: string, sinceMs: number): Promise<void> {
    const { certainty, groups, reporter, persister } = this.#stages;
    certainty.beginOutage();
    if (this.#before === null) return;
    const nowMs = Date.now();
    const reported = reporter.reportOutage(
      this.#before.groups,
      (groupId, info) => groups.outageOf(groupId, info, { reason, sinceMs }, nowMs),
      nowMs,
    );
    await persister.persistOutage(reported, nowMs);
  }
}
