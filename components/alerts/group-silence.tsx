"use client";
import { topicMatches } from "#lib/domain/text/glob.ts";
import { SilenceMenu } from "./silence-menu.tsx";
import { useAlerts } from "./use-alerts.ts";

interface GroupSilenceProps {
  readonly cluster: string;
  readonly group: string;
  /** the current problem, proposed as the reason of a silence */
  readonly trouble: string | null;
}
/** On a group's page: silences its alerts, or shows that they are silenced. Nothing where no alert rules exist. */
export function GroupSilence({ cluster, group, trouble }: GroupSilenceProps) {
  const { data } = useAlerts({ cluster, group });
  if (data === undefined || data.rules.length === 0) return null;
  const silences = data.silences.filter(
    (one) => one.active && topicMatches(one.cluster, cluster) && topicMatches(one.group, group),
  );
  return (
    <SilenceMenu
      size="md"
      cluster={cluster}
      group={group}
      silences={silences}
      reason={trouble === null ? "From the group’s page" : `From the group’s page: ${trouble}`.slice(0, 300)}
    />
  );
}
