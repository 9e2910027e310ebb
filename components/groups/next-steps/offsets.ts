/** Next steps where offsets were moved, or the log lost what they point to. */
import { pages } from "#lib/client/routes.ts";
import type { GroupCauseOf } from "#lib/contracts/group-cause.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { keepLonger, resetToOffset } from "#components/page/commands.ts";
import { eventHref, failuresStep, momentLink, resetHref, topicLink, type NextStep } from "./step.ts";

const KEEP_DAYS = 14;
const DAY_MS = 86_400_000;

export function rewoundSteps({ row }: GroupView, { data }: GroupCauseOf<"rewound">): readonly NextStep[] {
  const [first] = data.partitions ?? [];
  const steps: NextStep[] = [
    {
      text:
        "If it was reset on purpose there is nothing to do: it consumes those events again and catches up. Resets " +
        "made with Flowtap are in the list of replays.",
      link: { label: "Replays", href: pages.replays({ group: row.group }) },
    },
  ];
  if (first === undefined) return steps;
  const before = { topic: first.topic, partition: first.partition, offset: first.from };
  steps.push(
    {
      text:
        "See who was connected when it went back: a member that commits old offsets after a rebalance is a known " +
        "fault of clients that commit by hand.",
      link: momentLink(row, first.at),
    },
    {
      text: "To undo it, stop the group and set it to where it was.",
      link: { label: "Set it back…", href: resetHref(row, before) },
      command: { label: "reset, dry run", value: resetToOffset(row.group, before) },
    },
  );
  return steps;
}

export function skippedAheadSteps({ row }: GroupView, { data }: GroupCauseOf<"skipped_ahead">): readonly NextStep[] {
  const [first] = data.partitions ?? [];
  const consumed = "it then consumes what was skipped, and what came since once more";
  const text = `If it was not meant, stop the group and set it back to where it was: ${consumed}.`;
  if (first === undefined) return [{ text }];
  const before = { topic: first.topic, partition: first.partition, offset: first.from };
  return [
    {
      text,
      link: { label: "Set it back…", href: resetHref(row, before) },
      command: { label: "reset, dry run", value: resetToOffset(row.group, before) },
    },
    {
      text: "Look at what was skipped first.",
      link: { label: "First skipped event", href: eventHref(row.cluster, before) },
    },
    {
      text: "See who was connected then: auto.offset.reset=latest with expired offsets does this too.",
      link: momentLink(row, first.at),
    },
  ];
}

export function dataLostSteps(view: GroupView, { at }: GroupCauseOf<"data_lost">): readonly NextStep[] {
  const recovery = "Get it from its source or from a backup, and publish it again.";
  const steps: NextStep[] = [{ text: `What was deleted is no longer in the broker. ${recovery}` }];
  if (at !== null)
    steps.push({
      text: "Keep the topic longer while the group catches up, or it loses more.",
      link: topicLink(view.row.cluster, at.topic),
      command: { label: `retention of ${KEEP_DAYS} days`, value: keepLonger(at.topic, KEEP_DAYS * DAY_MS) },
    });
  steps.push(
    { text: "Alert on the time to data loss, not on lag alone: the loss can be foreseen." },
    ...failuresStep(view),
  );
  return steps;
}
