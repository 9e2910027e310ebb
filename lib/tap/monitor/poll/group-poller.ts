import type { GroupInfo } from "#lib/brokers/ports/inspector.ts";
import type { LogInspector } from "#lib/brokers/ports/log-inspector.ts";
import type { FlowtapConfig } from "#lib/config/schema.ts";
import { cutText } from "#lib/domain/text/text.ts";
import { canBeNamed } from "#lib/store/ingest/names.ts";
import type { Logger } from "#lib/telemetry/log.ts";
import type { GroupRecorder } from "./group-recorder.ts";
import { openLeftOutGroups, type LeftOutPatterns } from "../../left-out-groups.ts";
import { GroupSchedule } from "./group-schedule.ts";

/** The share of a cycle's requests that describes groups; each request describes so many. */
const SHARE_OF_DESCRIBING = 0.4;
const GROUPS_PER_REQUEST = 100;

/** How many groups may be described in one cycle. */
export const maxDescribed = ({ requestsPerSecond, pollSeconds }: FlowtapConfig["lag"]): number =>
  Math.max(1, Math.floor(requestsPerSecond * pollSeconds * SHARE_OF_DESCRIBING)) * GROUPS_PER_REQUEST;

/** Lists all groups in every cycle, and describes those that are due. */
export class GroupPoller {
  readonly #inspector: LogInspector;
  readonly #recorder: GroupRecorder;
  readonly #isLeftOut: (group: string) => boolean;
  readonly #maxDescribed: number;
  readonly #log: Logger;
  #schedule: GroupSchedule | null = null;
  #warned = false;

  constructor(
    inspector: LogInspector,
    recorder: GroupRecorder,
    cluster: LeftOutPatterns,
    maxDescribedPerCycle: number,
    log: Logger,
  ) {
    this.#inspector = inspector;
    this.#recorder = recorder;
    this.#isLeftOut = openLeftOutGroups(cluster);
    this.#maxDescribed = maxDescribedPerCycle;
    this.#log = log;
  }

  /** `tellsGenerations`: the commit log is tapped, so that it tells when a classic group rebalances. */
  async poll(tellsGenerations: boolean): Promise<GroupInfo[]> {
    await this.#recorder.catchUp();
    // The groups of an earlier run: they may just now be on no broker's list.
    this.#schedule ??= new GroupSchedule(this.#recorder.ids.keys());
    const { groups, whyUnlisted } = await this.#inspector.listGroups();
    this.#warnOfUnnameable(groups.filter(({ group }) => !canBeNamed(group)));
    const listed = groups.filter(({ group }) => !this.#isLeftOut(group) && canBeNamed(group));
    const { generationOf } = this.#recorder;
    const names = this.#schedule.plan(listed, generationOf, tellsGenerations, this.#maxDescribed, Date.now());
    const described = names.length === 0 ? [] : await this.#inspector.groups(names);
    return this.#schedule.merge({ groups: listed, whyUnlisted }, described, generationOf, Date.now());
  }

  /** Whether the members of this group are known. */
  isDescribed = (group: string): boolean => this.#schedule?.isDescribed(group) ?? false;

  #warnOfUnnameable(unnameable: readonly { readonly group: string }[]): void {
    const [first] = unnameable;
    if (first === undefined || this.#warned) return;
    this.#warned = true;
    this.#log.warn(
      { groups: unnameable.length, first: cutText(first.group, 100) },
      "groups whose names cannot be stored are left out",
    );
  }
}
