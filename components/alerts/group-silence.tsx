"use client";
import { topicMatches } from "#lib/domain/text/glob.ts";
import { SilenceMenu } from "./silence-menu.tsx";
import { useAlerts } from "./use-alerts.ts";

interface GroupSilenceProps {
  readonly cluster: string;
  readonly group: string;
  /** why somebody would silence it now */
  readonly trouble: string | null;
}
/**
 * On a group's own page: holds its alerts back, or shows that they are held back. Where no rule tells anybody of
 * anything there is nothing to silence.
 */
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
