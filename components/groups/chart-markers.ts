/** Events of a group as markers on its charts: those close together share one line, and few lines have a label. */
import { LABEL_FLIPS_AT } from "#components/charts/marker-words.ts";
import type { GroupEvent } from "#lib/contracts/group-history.ts";

export interface ChartMarker {
  readonly at: number;
  /** empty: a line without words */
  readonly label: string;
}

/** Which kind labels a line that stands for several: the highest. */
const PRIORITY: Readonly<Record<GroupEvent["kind"], number>> = {
  deploy: 6,
  emptied: 5,
  rewound: 4,
  skipped: 4,
  left: 3,
  joined: 2,
  rebalance: 1,
};
const MANY: Readonly<Record<GroupEvent["kind"], string>> = {
  deploy: "deploys",
  emptied: "times empty",
  rewound: "resets back",
  skipped: "resets ahead",
  left: "left",
  joined: "joined",
  rebalance: "rebalances",
};
/** One line per so much of the chart's width. */
const APART = 1 / 24;
const WORDS = 4;
const LABEL_CHARS = 34;
/** The width of a character, as a share of a chart half a page wide. */
const CHAR_WIDTH = 1 / 84;

/** Events between the two times (epoch ms), oldest first. */
export function chartMarkers(marks: readonly GroupEvent[], fromMs: number, toMs: number): readonly ChartMarker[] {
  const clusters: { at: number; marks: GroupEvent[] }[] = [];
  for (const mark of marks) {
    const at = Date.parse(mark.at);
    if (at < fromMs || at > toMs) continue;
    const last = clusters.at(-1);
    if (last !== undefined && at - last.at < (toMs - fromMs) * APART) last.marks.push(mark);
    else clusters.push({ at, marks: [mark] });
  }
  const weight = (cluster: (typeof clusters)[number]) => Math.max(...cluster.marks.map(({ kind }) => PRIORITY[kind]));
  const labelled: { readonly at: number; readonly label: string; readonly room: readonly [number, number] }[] = [];
  for (const cluster of clusters.toSorted((a, b) => weight(b) - weight(a) || b.at - a.at)) {
    const label = words(cluster.marks);
    const room = roomOf((cluster.at - fromMs) / (toMs - fromMs), label);
    if (labelled.length < WORDS && labelled.every((other) => room[1] <= other.room[0] || room[0] >= other.room[1]))
      labelled.push({ at: cluster.at, label, room });
  }
  return clusters.map(({ at }) => ({ at, label: labelled.find((one) => one.at === at)?.label ?? "" }));
}

/** Where a label lies, as shares of the chart's width: left of its line, but right of it in the left part. */
function roomOf(share: number, label: string): readonly [number, number] {
  const width = label.length * CHAR_WIDTH;
  return share < LABEL_FLIPS_AT ? [share, share + width] : [share - width, share];
}

/** The kind with the highest priority: a deploy implies that members left and joined and that the group rebalanced. */
function words(marks: readonly GroupEvent[]): string {
  const [first] = marks.toSorted((a, b) => PRIORITY[b.kind] - PRIORITY[a.kind]);
  if (first === undefined) return "";
  const alike = marks.filter(({ kind }) => kind === first.kind);
  const text = alike.length === 1 ? first.text : `${alike.length} ${MANY[first.kind]}`;
  return text.length <= LABEL_CHARS ? text : `${text.slice(0, LABEL_CHARS - 1)}…`;
}
