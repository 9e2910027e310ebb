/** Next steps where the trouble is the group's members: there are none, they come and go, or they miss partitions. */
import { plural } from "#components/ui/format.ts";
import type { GroupCauseOf } from "#lib/contracts/group-cause.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { describeGroup, describeMembers, describeTopic } from "#components/page/commands.ts";
import { membersLink, momentLink, topicLink, type NextStep } from "./step.ts";

export function noMembersSteps({ row }: GroupView, { data }: GroupCauseOf<"no_members">): readonly NextStep[] {
  const lastLeft = data.lastLeft ?? null;
  const steps: NextStep[] = [
    {
      text:
        lastLeft === null
          ? "Start a consumer with this group ID. It continues where the group stopped."
          : `Start it again where it ran: ${lastLeft.clientId} left last, from ${lastLeft.host}.`,
      command: { label: "members", value: describeMembers(row.group) },
    },
  ];
  if (lastLeft !== null)
    steps.push({
      text: "Look at the group as it was when the last member left, then at that process’s log of that minute.",
      link: momentLink(row, lastLeft.at),
    });
  steps.push({
    text: "If the group is not used any more, delete it: it then no longer counts as stuck.",
    command: { label: "delete", value: describeGroup(row.group).replace("--describe", "--delete") },
  });
  return steps;
}

export function rebalanceLoopSteps({ row }: GroupView, { data }: GroupCauseOf<"rebalance_loop">): readonly NextStep[] {
  const [busiest] = Object.entries(data.byClient ?? {}).toSorted((a, b) => b[1] - a[1]);
  return [
    {
      text:
        busiest === undefined
          ? "Find the member that joins and leaves, and look at its log."
          : `Look at the log of ${busiest[0]}, which joined ${plural(busiest[1], "time")}: it crashes, is killed, or ` +
            "is removed because it polls too late.",
      link: membersLink(row),
    },
    {
      text:
        "If its processing takes longer than max.poll.interval.ms, take fewer records per poll (max.poll.records) or " +
        "raise the interval; if it pauses (GC, CPU throttling), raise session.timeout.ms.",
    },
    {
      text:
        "Give each member its own group.instance.id, or use the cooperative or the newer consumer protocol: the " +
        "restart of one member then does not stop all others.",
      command: { label: "members", value: describeMembers(row.group) },
    },
  ];
}

export function notConsumingSteps({ row }: GroupView, { at }: GroupCauseOf<"not_consuming">): readonly NextStep[] {
  const steps: NextStep[] = [
    {
      text:
        "Compare what its members subscribe to with what they are assigned: a pattern that does not match, an " +
        "assign() that leaves partitions out, or partitions added since it started.",
      link: membersLink(row),
      command: { label: "members", value: describeMembers(row.group) },
    },
  ];
  if (at !== null)
    steps.push({
      text: "See how many partitions the topic has, and since when.",
      link: topicLink(row.cluster, at.topic),
      command: { label: "describe topic", value: describeTopic(at.topic) },
    });
  steps.push({
    text:
      "Restart one member: the group then divides all partitions again, the new ones too. A group that never commits " +
      "(enable.auto.commit=false and no commit call) begins again with each start.",
  });
  return steps;
}
