/** The sentence a person woken at night reads first, put together from what is known of a group. */
import { count, durationMs, durationSeconds, plural } from "#components/ui/format.ts";
import type { GroupView, HeadOfLine, PartitionRow } from "#lib/contracts/groups.ts";

export interface BannerWords {
  readonly tone: "bad" | "warn" | "ok" | "neutral";
  readonly title: string;
  /** sentences that prove the title; broker text in them is plain text */
  readonly proof: readonly string[];
  readonly head: HeadOfLine | null;
}

const MOVING: ReadonlySet<PartitionRow["verdict"]> = new Set(["ok", "warning"]);

/** Title, proof, and the event at the head of the worst partition. */
export function bannerWords(view: GroupView): BannerWords {
  const { row } = view;
  const head = view.head[0] ?? null;
  const title = row.reason ?? standing(view);
  if (row.verdict === "ok") return { tone: "ok", title, proof: [], head };
  if (row.verdict === "unknown") return { tone: "neutral", title, proof: [`Only ${Math.round(row.evidence * 100)} % of the commits a verdict needs have been seen so far.`], head };
  return { tone: row.verdict === "warning" || row.verdict === "rewound" ? "warn" : "bad", title, proof: [...headProof(view, head), ...othersProof(view), ...prospects(view)], head };
}

function standing({ row }: GroupView): string {
  switch (row.verdict) {
    case "ok":
      return row.members === 0 ? "No member is connected, and nothing waits" : "Keeps up with what arrives";
    case "warning":
      return "Lag grows: events arrive faster than they are consumed";
    case "stopped":
      return "Commits have stopped while events wait";
    case "stalled":
      return "Commits repeat the same offset while events wait";
    case "rewound":
      return "Went back to earlier offsets and has not recovered";
    case "unknown":
      return "Not enough has been seen for a verdict";
  }
}

function headProof(view: GroupView, head: HeadOfLine | null): string[] {
  if (head === null) return [];
  const partition = view.partitions.find((one) => one.topic === head.topic && one.partition === head.partition);
  const behind = BigInt(partition?.lagMessages ?? 1) - 1n;
  const what = [head.type, head.key === null ? null : `key ${head.key}`].filter((part) => part !== null).join(" · ");
  const waiting = head.waitingMs === null ? "" : `, the oldest for ${durationMs(head.waitingMs)}`;
  return [`Offset ${count(head.offset)} of ${head.topic}[${head.partition}]${what === "" ? "" : ` (${what})`} is at the head.`, ...(behind <= 0n ? [] : [`${count(behind)} ${behind === 1n ? "event waits" : "events wait"} behind it${waiting}.`])];
}

function othersProof({ row, partitions }: GroupView): string[] {
  const stuck = partitions.filter((one) => !MOVING.has(one.verdict) && one.verdict !== "unknown");
  const moving = partitions.length - stuck.length;
  if (row.members === 0) return row.reason?.includes("member") ? [] : ["No member is connected."];
  const owner = stuck.length === 1 ? (stuck[0]?.clientId ?? null) : null;
  return [
    ...(owner === null ? [] : [`Member ${owner} is alive.`]),
    ...(stuck.length === 0 || moving === 0 ? [] : [`The other ${plural(moving, "partition")} ${moving === 1 ? "keeps" : "keep"} up.`]),
  ];
}

function prospects({ row }: GroupView): string[] {
  const { dataLossSeconds } = row;
  return [
    ...(dataLossSeconds === null ? [] : [`Data loss in ${durationSeconds(dataLossSeconds)}.`]),
    ...(row.catchUpSeconds === null || row.catchUpSeconds === 0 ? [] : [`Catches up ${durationSeconds(row.catchUpSeconds)} after it moves.`]),
  ];
}
