import type { GroupCauseOf } from "#lib/contracts/group-cause.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { describeTopic, unavailablePartitions } from "#components/page/commands.ts";
import { topicLink, type NextStep } from "./step.ts";

export function brokerTroubleSteps({ row }: GroupView, { at }: GroupCauseOf<"broker_trouble">): readonly NextStep[] {
  const steps: NextStep[] = [
    {
      text: "This is not the consumer’s fault: restarting it does not help. Look at the brokers first.",
      command: { label: "unavailable partitions", value: unavailablePartitions() },
    },
  ];
  if (at !== null)
    steps.push({
      text: "See which partitions have no leader.",
      link: topicLink(row.cluster, at.topic),
      command: { label: "describe topic", value: describeTopic(at.topic) },
    });
  steps.push({ text: "When the brokers are back, the group continues where it stopped." });
  return steps;
}
