/** Next steps where the group is the consumers of a queue, in RabbitMQ's words and commands. */
import { deleteQueue, listConsumers, listQueue } from "#components/page/commands.ts";
import { plural } from "#components/ui/format.ts";
import type { GroupCause, GroupCauseOf } from "#lib/contracts/group-cause.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { membersLink, type NextStep } from "./step.ts";

export function queueSteps({ row }: GroupView, cause: GroupCause): readonly NextStep[] {
  const { group } = row;
  switch (cause.cause) {
    case "no_members":
      return [
        startAgain(row.group, cause),
        {
          text:
            "If nobody is to read the queue any more, delete it, or its bindings: it fills up for as long as it has " +
            "any.",
          command: { label: "delete", value: deleteQueue(group) },
        },
      ];
    case "too_slow":
      return [
        {
          text:
            `${plural(row.members, "consumer")} cannot keep up. Start more of them, or raise their prefetch where ` +
            "they wait for the broker rather than for their own work.",
          link: membersLink(row),
          command: { label: "consumers", value: listConsumers(group) },
        },
      ];
    default:
      return [
        {
          text: "See how many messages wait, how many are held by consumers unsettled, and what state the queue is in.",
          command: { label: "queue", value: listQueue(group) },
        },
      ];
  }
}

function startAgain(queue: string, { data }: GroupCauseOf<"no_members">): NextStep {
  const lastLeft = data.lastLeft ?? null;
  return {
    text:
      lastLeft === null
        ? "Start a consumer of this queue: it gets what waits, from the oldest on."
        : `Start it again where it ran: ${lastLeft.clientId} left last, from ${lastLeft.host}.`,
    command: { label: "consumers", value: listConsumers(queue) },
  };
}
