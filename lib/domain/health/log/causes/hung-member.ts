import { PARTITIONS_LISTED, type FindingOf } from "../../finding.ts";
import { handsOutSingly } from "../../group.ts";
import { hasWaiting, type GroupMember, type GroupSituation } from "../situation.ts";
import { standstills, type Standstill } from "../standstill.ts";
import { partitionWords } from "../../../text/words.ts";

const MEMBERS_LISTED = 50;

interface HungMember {
  readonly member: GroupMember;
  readonly still: Standstill["still"];
}

/** A member still sends heartbeats and has partitions, but commits on none of those where events wait. */
export function hungMember(situation: GroupSituation): FindingOf<"hung_member"> | null {
  const { members } = situation;
  const canTell =
    members.length > 0 &&
    !handsOutSingly(situation.protocol) &&
    situation.brokerFault === null &&
    situation.state === "stable";
  const hung = canTell ? hungMembers(situation) : [];
  const [worst] = hung;
  const [head] = worst?.still ?? [];
  if (worst === undefined || head === undefined) return null;
  const still = hung.flatMap((one) => one.still);
  return {
    cause: "hung_member",
    sinceMs: worst.still.reduce((first, one) => Math.min(first, one.sinceMs), Infinity),
    at: { topic: head.at.topic, partition: head.at.partition, offset: String(head.at.committedOffset) },
    data: {
      members: hung.slice(0, MEMBERS_LISTED).map((one) => ({
        memberId: one.member.memberId,
        clientId: one.member.clientId,
        host: one.member.host,
        partitions: one.still.slice(0, PARTITIONS_LISTED).map(({ at }) => partitionWords(at)),
      })),
      hungCount: hung.length,
      memberCount: members.length,
      partitionCount: still.length,
      lagMessages: String(still.reduce((sum, { at }) => sum + at.lagMessages, 0n)),
    },
  };
}

/** One partition without progress is a poison event; a member hangs when none of its partitions makes progress. */
function hungMembers(situation: GroupSituation): HungMember[] {
  return standstills(situation).flatMap(({ memberId, still, others, othersMove }) => {
    const member = situation.members.find((one) => one.memberId === memberId);
    const hangs =
      still.length > 1 && !othersMove && others.every((at) => !hasWaiting(at, situation.allowedLagMessages));
    return member !== undefined && hangs ? [{ member, still }] : [];
  });
}
