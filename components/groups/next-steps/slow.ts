/** Next steps where the group works, but events arrive faster. */
import { plural } from "#components/ui/format.ts";
import type { GroupCauseOf } from "#lib/contracts/group-cause.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { addPartitions, describeMembers } from "#components/page/commands.ts";
import { eventHref, topicLink, type NextStep } from "./step.ts";

export function tooSlowSteps({ row }: GroupView, { data }: GroupCauseOf<"too_slow">): readonly NextStep[] {
  const { topic } = data;
  const questions = "how long it takes per event, and whether an event type has become slow or frequent";
  return [
    moreMembersStep(row.group, data),
    {
      text: `See where its time goes: ${questions}.`,
      ...(topic !== undefined && { link: topicLink(row.cluster, topic) }),
    },
    {
      text: "Commit and call in batches; take more per poll; make slow calls in parallel where order allows.",
    },
  ];
}

function moreMembersStep(
  group: string,
  { factor, members, partitions, topic }: GroupCauseOf<"too_slow">["data"],
): NextStep {
  const needed =
    factor !== undefined && factor !== null && factor > 1 ? `It must do ${factor.toFixed(1)} times what it does. ` : "";
  if (members !== undefined && partitions !== undefined && partitions > members) {
    const room = `${members} run now, and up to ${plural(partitions - members, "more")} would get partitions.`;
    return {
      text: `${needed}Start more members: ${room}`,
      command: { label: "members", value: describeMembers(group) },
    };
  }
  return {
    text:
      `${needed}More members do not help: each partition has its consumer already. Make one faster, or add ` +
      "partitions (keys then move to others).",
    ...(topic !== undefined &&
      partitions !== undefined && {
        command: { label: "add partitions", value: addPartitions(topic, partitions * 2) },
      }),
  };
}

export function hotPartitionSteps(
  { row }: GroupView,
  { at, data }: GroupCauseOf<"hot_partition">,
): readonly NextStep[] {
  return [
    {
      text: keysText(data.keys ?? []),
      ...(at !== null && {
        link: { label: "What waits there", href: eventHref(row.cluster, { ...at, offset: at.offset ?? "0" }) },
      }),
    },
    {
      text:
        "Spread them: a key with more in it (customer and order instead of customer), or a salted key where order " +
        "does not matter. More members do not help.",
    },
    { text: "Until then, give the partition’s consumer a machine of its own." },
  ];
}

function keysText(keys: readonly { readonly key: string; readonly share: number }[]): string {
  if (keys.length === 0) return "Find the keys that make it hot: most of what waits there has few of them.";
  const named = keys.slice(0, 3).map(({ key, share }) => `${key} (${Math.round(share * 100)} %)`);
  const [make, them] = keys.length === 1 ? ["makes", "it"] : ["make", "them"];
  return `${named.join(", ")} ${make} it hot. Find out who writes so much under ${them}.`;
}
