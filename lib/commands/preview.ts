/** What a plan found, before it is stored as a draft. */
import type { ItemReason } from "#lib/domain/replay/item-reason.ts";
import type { RedriveItem } from "#lib/domain/replay/redrive.ts";
import type { StoredPlan } from "#lib/store/replays/plan.ts";

/** What a kind of replay would do: its preview, and what is to be sent. */
export interface Preview {
  readonly cluster: string;
  readonly group: string | null;
  readonly preview: StoredPlan["preview"];
  readonly items: readonly RedriveItem[];
  /** of items whose key has since had a newer event: where that lies, by the item's index */
  readonly newerThan?: ReadonlyMap<number, bigint>;
  /** why an item is not sent as it is planned, by its index */
  readonly leftOut?: ReadonlyMap<number, ItemReason>;
}
