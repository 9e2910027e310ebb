import type { Finding } from "../../cause.ts";
import type { GroupSituation, PartitionSituation, Rewind } from "../situation.ts";
import { commitsAgain, isReadable, standstills, type Standstill } from "../standstill.ts";
import { countWords, durationWords, partitionWords, timesWords, waitingWords } from "../../../text/words.ts";

const RETURNS = 2;
/** Who has not gone back for longer than this, or than some of his usual turns take, has got past it. */
const RETURNED_WITHIN = { ms: 20_000, turns: 3, mostMs: 90_000 } as const;
/** Who fails on an event may leave and come again because of it. */
const AWAY_MS = 20_000;

/**
 * One event is not got past: its partition stands still at it while its reader lives and gets on, or has nothing to do,
 * elsewhere; or the reader commits it, or goes back to it, again and again. data: offset, shownBy: others_move |
 * others_idle | commits_again | goes_back, partitions, memberId, clientId, host.
 */
export function poisonEvent(situation: GroupSituation): Finding | null {
  if (situation.protocol === "share" || situation.brokerFault !== null) return null;
  const back = situation.partitions.find(
    (at) =>
      at.rewind !== null &&
      returns(at, at.rewind, situation.nowMs) &&
      at.lagMessages > situation.allowedLagMessages &&
      isReadable(at),
  );
  if (back?.rewind) return finding(situation, back, back.rewind.to, back.rewind.atMs, "goes_back", [back]);
  const isAway = situation.members.length === 0 && situation.protocol !== "simple";
  if (isAway && (situation.emptySinceMs === null || situation.nowMs - situation.emptySinceMs > AWAY_MS)) return null;
  for (const one of standstills(situation)) {
    const [first] = one.still;
    const shownBy = shown(one);
    if (first !== undefined && shownBy !== null)
      return finding(
        situation,
        first.at,
        first.at.committedOffset ?? 0n,
        first.sinceMs,
        shownBy,
        one.still.map(({ at }) => at),
      );
  }
  return null;
}

/**
 * Commits that follow one another closely are not all seen: who stands again where he stood before may have been there
 * more often than that.
 */
function returns(
  { committedOffset }: PartitionSituation,
  { to, times, afterMs, atMs, isReturn }: Rewind,
  nowMs: number,
): boolean {
  return (
    (times >= RETURNS || (isReturn && committedOffset === to)) &&
    nowMs - atMs <
      Math.min(RETURNED_WITHIN.mostMs, Math.max(RETURNED_WITHIN.ms, RETURNED_WITHIN.turns * (afterMs ?? 0)))
  );
}

type ShownBy = "others_move" | "others_idle" | "commits_again" | "goes_back";

function shown({ memberId, still, othersMove, othersDone }: Standstill): ShownBy | null {
  if (!othersDone) return null;
  if (still.every(({ at }) => commitsAgain(at))) return "commits_again";
  if (othersMove) return "others_move";
  // Whose it is must be known: otherwise only others that move tell that anybody lives.
  return still.length === 1 && memberId !== null ? "others_idle" : null;
}

function finding(
  situation: GroupSituation,
  at: PartitionSituation,
  offset: bigint,
  sinceMs: number,
  shownBy: ShownBy,
  still: readonly PartitionSituation[],
): Finding {
  const { nowMs, partitions } = situation;
  const member = situation.members.find((one) => one.memberId === at.memberId) ?? null;
  const others = partitions.length - still.length;
  const alive = {
    others_move: `; ${member === null ? "its reader" : member.clientId} lives and gets on elsewhere`,
    others_idle:
      member === null ? "" : `; ${member.clientId} lives${others > 0 ? " and the other partitions keep up" : ""}`,
    commits_again: `, and it is committed again and again`,
    goes_back: `: ${situation.group} went back to it ${timesWords(at.rewind?.times ?? 1)}`,
  };
  return {
    cause: "poison_event",
    sinceMs,
    at: { topic: at.topic, partition: at.partition, offset: String(offset) },
    sentence: `${partitionWords(at)} does not get past offset ${countWords(offset)}${alive[shownBy]}`,
    facts: [
      {
        label: "At the head",
        value: `offset ${countWords(offset)} of ${partitionWords(at)}, for ${durationWords(nowMs - sinceMs)}`,
      },
      { label: "Behind it", value: `${waitingWords(at.lagMessages)}` },
      ...(member === null ? [] : [{ label: "Its reader", value: `${member.clientId} on ${member.host}` }]),
      ...(still.length > 1
        ? [
            {
              label: "Also",
              value: still
                .slice(1, 10)
                .map((one) => `${partitionWords(one)} at ${countWords(one.committedOffset ?? 0n)}`)
                .join(", "),
            },
          ]
        : []),
    ],
    data: {
      offset: String(offset),
      shownBy,
      partitions: still
        .slice(0, 100)
        .map((one) => ({ topic: one.topic, partition: one.partition, offset: String(one.committedOffset) })),
      memberId: at.memberId,
      clientId: member?.clientId ?? null,
      host: member?.host ?? null,
    },
  };
}
