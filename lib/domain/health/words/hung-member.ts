import type { Fact, FindingOf, FindingWords } from "../finding.ts";
import { durationWords, partitionsWords, waitingWords } from "../../text/words.ts";
import type { WordsContext } from "./context.ts";

const MEMBERS_LISTED = 5;
const PARTITIONS_OF_ONE = 8;

export function hungMemberWords({ sinceMs, data }: FindingOf<"hung_member">, { nowMs }: WordsContext): FindingWords {
  const { members, hungCount, memberCount, partitionCount } = data;
  const [is, has] = hungCount === 1 ? ["is", "has"] : ["are", "have"];
  const silent = `${has} committed nothing for ${durationWords(nowMs - (sinceMs ?? nowMs))}`;
  const waiting = waitingWords(BigInt(data.lagMessages));
  const facts: Fact[] = members.slice(0, MEMBERS_LISTED).map(({ memberId, clientId, host, partitions }) => {
    const listed = partitions.slice(0, PARTITIONS_OF_ONE).join(", ");
    const more = partitions.length > PARTITIONS_OF_ONE ? " …" : "";
    return { label: "Hangs", value: `${clientId} (${memberId}) on ${host}: ${listed}${more}` };
  });
  if (hungCount < memberCount) facts.push({ label: "Other members", value: `${memberCount - hungCount} in the group` });
  return {
    sentence: `${whoOf(data)} ${is} in the group, but ${silent} on ${partitionsWords(partitionCount)}; ${waiting}`,
    facts,
  };
}

function whoOf({ members, hungCount, memberCount }: FindingOf<"hung_member">["data"]): string {
  if (hungCount === 1) return members[0]?.clientId ?? "A member";
  return hungCount === memberCount ? `All ${memberCount} members` : `${hungCount} of ${memberCount} members`;
}
