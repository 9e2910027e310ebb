/** Which consumer groups are left out: those that the configuration excludes, and Flowtap's own of earlier versions. */
import type { ClusterConfig } from "#lib/config/cluster.ts";
import { topicMatches } from "#lib/domain/text/glob.ts";

/** More names than this are matched again each time. */
const MOST_REMEMBERED = 50_000;

export function openLeftOutGroups({
  tapGroup,
  groups: { include, exclude },
}: Pick<ClusterConfig, "tapGroup" | "groups">): (group: string) => boolean {
  const known = new Map<string, boolean>();
  const isLeftOut = (group: string): boolean =>
    group === tapGroup ||
    group.startsWith(`${tapGroup}.`) ||
    !include.some((glob) => topicMatches(glob, group)) ||
    exclude.some((glob) => topicMatches(glob, group));
  return (group) => {
    let answer = known.get(group);
    if (answer === undefined) {
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(group, (answer = isLeftOut(group)));
    }
    return answer;
  };
}
