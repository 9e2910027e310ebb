import type pg from "pg";
import type { ReportedFinding, ReportedFindingOf } from "#lib/domain/health/finding.ts";
import { withHotKeys } from "#lib/domain/health/words/hot-partition.ts";
import { readWaitingKeys, type WaitingKeys } from "#lib/store/events/waiting-keys-read.ts";
import type { Reported } from "./reporter.ts";

const GROUPS_PER_CYCLE = 5;
const EVENTS_READ = 2000;
const READ_AGAIN_MS = 60_000;

/** Adds the keys that occur most to the findings of hot partitions. Reading them is work, so it is done for a few. */
export class HotKeys {
  readonly #client: pg.Client;
  readonly #known = new Map<number, { readonly atMs: number; readonly found: WaitingKeys }>();

  constructor(client: pg.Client) {
    this.#client = client;
  }

  async addTo(reported: Reported, destinationOf: ReadonlyMap<string, number>, nowMs: number): Promise<Reported> {
    const hot = reported.groups.filter((group) => group.finding?.cause === "hot_partition");
    const hotIds = new Set(hot.map(({ groupId }) => groupId));
    for (const groupId of this.#known.keys()) if (!hotIds.has(groupId)) this.#known.delete(groupId);
    const findings = new Map<number, ReportedFinding>();
    for (const { groupId, finding } of hot.slice(0, GROUPS_PER_CYCLE))
      if (finding?.cause === "hot_partition")
        findings.set(groupId, await this.#withKeys(groupId, finding, destinationOf, nowMs));
    return findings.size === 0 ? reported : withFindings(reported, findings);
  }

  async #withKeys(
    groupId: number,
    finding: ReportedFindingOf<"hot_partition">,
    destinationOf: ReadonlyMap<string, number>,
    nowMs: number,
  ): Promise<ReportedFinding> {
    const { at } = finding;
    const destinationId = at === null ? undefined : destinationOf.get(at.topic);
    if (at === null || destinationId === undefined) return finding;
    let known = this.#known.get(groupId);
    if (known === undefined || nowMs - known.atMs > READ_AGAIN_MS) {
      const position = { destinationId, partition: at.partition, committedOffset: BigInt(at.offset ?? 0) };
      known = { atMs: nowMs, found: await readWaitingKeys(this.#client, position, EVENTS_READ) };
      this.#known.set(groupId, known);
    }
    return withHotKeys(finding, known.found.keys, known.found.events);
  }
}

/** With these findings of groups instead of theirs, in their rows and in the changes of their incidents. */
export function withFindings(reported: Reported, findings: ReadonlyMap<number, ReportedFinding>): Reported {
  return {
    ...reported,
    groups: reported.groups.map((group) => {
      const finding = findings.get(group.groupId);
      return finding === undefined ? group : { ...group, finding };
    }),
    incidents: reported.incidents.map((change) => {
      const finding = findings.get(change.groupId);
      return finding === undefined || change.finding === null ? change : { ...change, finding };
    }),
  };
}
