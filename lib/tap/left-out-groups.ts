/** Which consumer groups are left out: those that the configuration excludes, and Flowtap's own of earlier versions. */
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { isIncluded } from "#lib/domain/text/glob.ts";

export type LeftOutPatterns = Pick<ClusterConfig, "groups"> & { readonly tapGroup?: string };

/** More names than this are matched again each time. */
const MOST_REMEMBERED = 50_000;

/** `tapGroup`: only Kafka has such groups of Flowtap's own. */
export function openLeftOutGroups({ tapGroup, groups }: LeftOutPatterns): (group: string) => boolean {
  const known = new Map<string, boolean>();
  const isLeftOut = (group: string): boolean =>
    (tapGroup !== undefined && (group === tapGroup || group.startsWith(`${tapGroup}.`))) || !isIncluded(groups, group);
  return (group) => {
    let answer = known.get(group);
    if (answer === undefined) {
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(group, (answer = isLeftOut(group)));
    }
    return answer;
  };
}
