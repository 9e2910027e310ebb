import { skipText } from "#components/replays/skip-target.ts";
import { plural } from "#components/ui/format.ts";
import { pages } from "#lib/client/routes.ts";
import type { GroupView } from "#lib/contracts/groups.ts";

export interface NextStep {
  readonly text: string;
  readonly link?: { readonly label: string; readonly href: string };
  readonly command?: { readonly label: string; readonly value: string };
}

type GroupRef = Pick<GroupView["row"], "cluster" | "group">;
interface EventRef {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

export const membersLink = ({ cluster, group }: GroupRef): NextStep["link"] => ({
  label: "Members",
  href: pages.group(cluster, group, { tab: "members" }),
});

export const topicLink = (cluster: string, topic: string): NextStep["link"] => ({
  label: "Topic",
  href: pages.topic(cluster, topic),
});

/** The group's page as it was at a moment. */
export const momentLink = ({ cluster, group }: GroupRef, at: string): NextStep["link"] => ({
  label: "As it was then",
  href: pages.group(cluster, group, { at }),
});

export const eventHref = (cluster: string, { topic, partition, offset }: EventRef): string =>
  pages.topic(cluster, topic, { tab: "messages", mode: "browse", partition, offset });

/** The form that moves the group past one event. */
export const skipHref = ({ cluster, group }: GroupRef, event: EventRef): string =>
  pages.group(cluster, group, { tab: "replay", skip: skipText(event) });

/** The form that sets the group to an offset. */
export const resetHref = ({ cluster, group }: GroupRef, { topic, partition, offset }: EventRef): string =>
  pages.group(cluster, group, { tab: "replay", how: "offset", topic, partition, offset });

/** A step for a group that has open failures. */
export function failuresStep({ row, failures }: GroupView): NextStep[] {
  if (failures.open === 0) return [];
  return [
    {
      text: `Compare it with the ${plural(failures.open, "failed event")} this group has open.`,
      link: { label: "Similar failures", href: pages.group(row.cluster, row.group, { tab: "failures" }) },
    },
  ];
}
