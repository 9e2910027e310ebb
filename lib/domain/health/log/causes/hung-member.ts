import type { Finding } from "../../cause.ts";
import { hasWaiting, type GroupSituation } from "../situation.ts";
import { standstills } from "../standstill.ts";
import { durationWords, partitionsWords, partitionWords, waitingWords } from "../../../text/words.ts";

/**
 * A member is there, as its heartbeats tell, has partitions and commits on none of those where events wait. data:
 * members: {memberId, clientId, host, partitions}.
 */
export function hungMember(situation: GroupSituation): Finding | null {
  const { members, nowMs } = situation;
  if (
    members.length === 0 ||
    situation.protocol === "share" ||
    situation.brokerFault !== null ||
    situation.state !== "stable"
  )
    return null;
  const hung = standstills(situation).flatMap((one) => {
    const member = members.find(({ memberId }) => memberId === one.memberId);
    return member !== undefined &&
      one.still.length > 1 &&
      !one.othersMove &&
      one.others.every((at) => !hasWaiting(at, situation.allowedLagMessages))
      ? [{ member, still: one.still }]
      : [];
  });
  const [worst] = hung;
  const [head] = worst?.still ?? [];
  if (worst === undefined || head === undefined) return null;
  const sinceMs = worst.still.reduce((first, one) => Math.min(first, one.sinceMs), Infinity);
  const lagMessages = hung.flatMap(({ still }) => still).reduce((sum, { at }) => sum + at.lagMessages, 0n);
  const who =
    hung.length === 1
      ? worst.member.clientId
      : hung.length === members.length
        ? `All ${members.length} members`
        : `${hung.length} of ${members.length} members`;
  return {
    cause: "hung_member",
    sinceMs,
    at: { topic: head.at.topic, partition: head.at.partition, offset: String(head.at.committedOffset) },
    sentence: `${who} ${hung.length === 1 ? "is" : "are"} in the group, but ${hung.length === 1 ? "has" : "have"} committed nothing for ${durationWords(nowMs - sinceMs)} on ${partitionsWords(hung.reduce((sum, { still }) => sum + still.length, 0))}; ${waitingWords(lagMessages)}`,
    facts: [
      ...hung.slice(0, 5).map(({ member, still }) => ({
        label: "Hangs",
        value: `${member.clientId} (${member.memberId}) on ${member.host}: ${still
          .slice(0, 8)
          .map(({ at }) => partitionWords(at))
          .join(", ")}${still.length > 8 ? " …" : ""}`,
      })),
      ...(hung.length < members.length
        ? [{ label: "Other members", value: `${members.length - hung.length} in the group` }]
        : []),
    ],
    data: {
      members: hung.slice(0, 50).map(({ member, still }) => ({
        memberId: member.memberId,
        clientId: member.clientId,
        host: member.host,
        partitions: still.slice(0, 100).map(({ at }) => partitionWords(at)),
      })),
    },
  };
}
