/** The first sentences a person woken at night reads about a group. */
import { count, durationMs, durationSeconds, roughly } from "#components/ui/format.ts";
import type { GroupCause } from "#lib/contracts/group-cause.ts";
import type { GroupRow, GroupView, HeadOfLine, PartitionRow } from "#lib/contracts/groups.ts";
import type { Cause } from "#lib/domain/health/cause.ts";
import type { ReasonKind } from "#lib/domain/health/reason.ts";

export interface BannerWords {
  readonly tone: "bad" | "warn" | "ok" | "neutral";
  readonly title: string;
  /** sentences that give the evidence for the title; names from the broker are plain text in them */
  readonly proof: readonly string[];
  /** since when it holds; null: not known, or nothing is wrong */
  readonly sinceAt: string | null;
  readonly head: HeadOfLine | null;
}

const MOVING: ReadonlySet<PartitionRow["verdict"]> = new Set(["ok", "warning"]);

/** Causes about one event of one partition: what waits there is part of the proof. */
const AT_THE_HEAD: ReadonlySet<Cause> = new Set<Cause>(["poison_event", "open_transaction", "hot_partition"]);

/** Causes and reasons whose sentence tells how many events wait. */
const CAUSE_TELLS_WAITING: ReadonlySet<Cause> = new Set<Cause>([
  "no_members",
  "not_consuming",
  "hung_member",
  "too_slow",
]);
const REASON_TELLS_WAITING: ReadonlySet<ReasonKind> = new Set<ReasonKind>([
  "no_members",
  "not_moving",
  "repeats_commit",
  "went_back",
  "does_not_catch_up",
  "recovers",
]);

/** Title, proof, and the event at the head of the worst partition. */
export function bannerWords(view: GroupView): BannerWords {
  const { row } = view;
  const { cause } = row;
  const head = headOf(view);
  const title = titleOf(view);
  if (row.verdict === "ok" && cause === null)
    return {
      tone: isDeserted(row) && row.lagMessages !== "0" ? "neutral" : "ok",
      title,
      proof: [],
      sinceAt: null,
      head,
    };
  if (row.verdict === "unknown" && cause === null)
    return {
      tone: "neutral",
      title,
      proof: [`So far Flowtap knows ${Math.round(row.evidence * 100)} % of the commits a verdict needs.`],
      sinceAt: null,
      head,
    };
  const causeSentence =
    cause === null || isTitledByCause(view) || isProvenByHead(cause, head)
      ? []
      : [`${cause.title}: ${cause.sentence}.`];
  const isAboutHead = cause === null || AT_THE_HEAD.has(cause.cause);
  return {
    tone: TONE[row.verdict],
    title,
    proof: [
      ...causeSentence,
      ...(isAboutHead ? headProof(view, head) : waitingProof(row)),
      ...(cause === null || cause.cause === "poison_event" ? othersProof(view) : []),
      ...prospects(view),
    ],
    sinceAt: cause?.since ?? row.verdictSince,
    head,
  };
}

/** An event that an open transaction holds back is not at fault, and cannot be read: nobody may skip it. */
export function offersSkip(view: GroupView, { tone, head }: Pick<BannerWords, "tone" | "head">): boolean {
  if (head === null || tone !== "bad" || view.at !== null || view.row.cause?.cause === "open_transaction") return false;
  const at = view.partitions.find(({ topic, partition }) => topic === head.topic && partition === head.partition);
  return at?.flag !== "transaction";
}

/** The head, its member and the other partitions tell all that the sentence of such a poison event tells, and more. */
function isProvenByHead(cause: GroupCause, head: HeadOfLine | null): boolean {
  return (
    cause.cause === "poison_event" &&
    head !== null &&
    (cause.data.shownBy === "others_move" || cause.data.shownBy === "others_idle")
  );
}

/** What holds a group, added to a reason that tells only that it does not move. */
const HELD_BY: Partial<Record<Cause, string>> = {
  poison_event: "a poison event holds it",
  open_transaction: "an open transaction holds it",
  hung_member: "its reader hangs",
  rebalance_loop: "the group rebalances again and again",
  broker_trouble: "the broker is in trouble",
};

function titleOf(view: GroupView): string {
  const { reason, reasonKind, cause } = view.row;
  if (reason === null) return pastPoisonTitle(view) ?? cause?.sentence ?? statusSentence(view);
  const by = cause === null || reasonKind === "cause" ? undefined : HELD_BY[cause.cause];
  return by === undefined ? reason : `${reason}: ${by}`;
}

/** Whether the title is the sentence of the cause, which then need not follow it. */
function isTitledByCause(view: GroupView): boolean {
  const { reason, reasonKind } = view.row;
  return reason === null ? pastPoisonTitle(view) === null : reasonKind === "cause";
}

/** A past moment may have a cause without a reason: the words the reason would have had. */
function pastPoisonTitle({ at, row: { cause } }: GroupView): string | null {
  if (at === null || cause?.cause !== "poison_event" || cause.at === null || cause.since === null) return null;
  const duration = roughly(Date.parse(at) - Date.parse(cause.since));
  return `${cause.at.topic}[${cause.at.partition}] has not moved for ${duration}: ${HELD_BY.poison_event}`;
}

const TONE = { ok: "warn", unknown: "warn", warning: "warn", rewound: "warn", stopped: "bad", stalled: "bad" } as const;

/** The event the cause is about, where it is about one; else the one that waits longest. */
function headOf({ row: { cause }, head }: GroupView): HeadOfLine | null {
  return head.find((one) => one.topic === cause?.at?.topic && one.partition === cause.at.partition) ?? head[0] ?? null;
}

/** What waits, unless the title or the cause's sentence tells it. */
function waitingProof({ cause, reasonKind, ...row }: GroupRow): string[] {
  const lag = BigInt(row.lagMessages);
  if (lag === 0n || (cause !== null && CAUSE_TELLS_WAITING.has(cause.cause))) return [];
  if (reasonKind !== null && REASON_TELLS_WAITING.has(reasonKind)) return [];
  const floor = row.timeLagIsFloor ? "at least " : "";
  const oldest =
    row.timeLagMs === null || row.timeLagMs === 0 ? "" : `, the oldest for ${floor}${durationMs(row.timeLagMs)}`;
  return [`${count(lag)} ${lag === 1n ? "event waits" : "events wait"}${oldest}.`];
}

/** The group has no consumer. Consumers that assign partitions to themselves are never members. */
export const isDeserted = ({ members, protocol }: Pick<GroupRow, "members" | "protocol">): boolean =>
  members === 0 && protocol !== "simple";

function statusSentence({ row }: GroupView): string {
  switch (row.verdict) {
    case "ok":
      if (!isDeserted(row)) return "Keeps up with what arrives";
      return row.lagMessages === "0"
        ? "No member is connected, and nothing waits"
        : `No member is connected; ${count(row.lagMessages)} wait`;
    case "warning":
      return "Lag grows: events arrive faster than they are consumed";
    case "stopped":
      return "Commits have stopped while events wait";
    case "stalled":
      return "Commits repeat the same offset while events wait";
    case "rewound":
      return "Went back to earlier offsets and has not recovered";
    case "unknown":
      return "Too few commits are known for a verdict";
  }
}

function headProof(view: GroupView, head: HeadOfLine | null): string[] {
  if (head === null) return [];
  const partition = view.partitions.find((one) => one.topic === head.topic && one.partition === head.partition);
  const behind = BigInt(partition?.lagMessages ?? 1) - 1n;
  const what = [head.type, head.key === null ? null : `key ${head.key}`].filter((part) => part !== null).join(" · ");
  const event = what === "" ? "" : ` (${what})`;
  const waiting = head.waitingMs === null ? "" : `, the oldest for ${durationMs(head.waitingMs)}`;
  return [
    `Offset ${count(head.offset)} of ${head.topic}[${head.partition}]${event} is at the head.`,
    ...(behind <= 0n ? [] : [`${count(behind)} ${behind === 1n ? "event waits" : "events wait"} behind it${waiting}.`]),
  ];
}

function othersProof({ row, partitions }: GroupView): string[] {
  const stuck = partitions.filter((one) => !MOVING.has(one.verdict) && one.verdict !== "unknown");
  const moving = partitions.length - stuck.length;
  if (row.members === 0) return row.reasonKind === "no_members" ? [] : ["No member is connected."];
  const owner = stuck.length === 1 ? (stuck[0]?.clientId ?? null) : null;
  return [
    ...(owner === null ? [] : [`Member ${owner} is alive.`]),
    ...(stuck.length === 0 || moving === 0
      ? []
      : [`The other ${moving === 1 ? "partition keeps" : `${count(moving)} partitions keep`} up.`]),
  ];
}

function prospects({ row }: GroupView): string[] {
  const { dataLossSeconds } = row;
  const lost = BigInt(row.lostMessages);
  return [
    ...(lost === 0n || row.cause?.cause === "data_lost"
      ? []
      : [`${count(lost)} ${lost === 1n ? "event is" : "events are"} lost already.`]),
    ...(dataLossSeconds === null
      ? []
      : [
          dataLossSeconds === 0
            ? "Retention deletes what waits, now."
            : `Data loss in ${durationSeconds(dataLossSeconds)}.`,
        ]),
    ...(row.catchUpSeconds === null || row.catchUpSeconds === 0
      ? []
      : [`Catches up ${durationSeconds(row.catchUpSeconds)} after it moves.`]),
  ];
}
