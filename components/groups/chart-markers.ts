/** Marks of a group for its charts: what happened close together is one line, and few lines have words. */
import { LABEL_FLIPS_AT } from "#components/charts/marker-words.ts";
import type { GroupEvent } from "#lib/contracts/groups.ts";

export interface ChartMarker {
  readonly at: number;
  /** empty: a line without words */
  readonly label: string;
}

const TELLING: Readonly<Record<GroupEvent["kind"], number>> = {
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
/** What a letter takes of the width of a chart half a page wide. */
const LETTER = 1 / 84;

/** Marks between the two times (epoch ms), oldest first. */
export function chartMarkers(marks: readonly GroupEvent[], fromMs: number, toMs: number): readonly ChartMarker[] {
  const clusters: { at: number; marks: GroupEvent[] }[] = [];
  for (const mark of marks) {
    const at = Date.parse(mark.at);
    if (at < fromMs || at > toMs) continue;
    const last = clusters.at(-1);
    if (last !== undefined && at - last.at < (toMs - fromMs) * APART) last.marks.push(mark);
    else clusters.push({ at, marks: [mark] });
  }
  const weight = (cluster: (typeof clusters)[number]) => Math.max(...cluster.marks.map(({ kind }) => TELLING[kind]));
  const told: { readonly at: number; readonly label: string; readonly room: readonly [number, number] }[] = [];
  for (const cluster of clusters.toSorted((a, b) => weight(b) - weight(a) || b.at - a.at)) {
    const label = words(cluster.marks);
    const room = roomOf((cluster.at - fromMs) / (toMs - fromMs), label);
    if (told.length < WORDS && told.every((other) => room[1] <= other.room[0] || room[0] >= other.room[1]))
      told.push({ at: cluster.at, label, room });
  }
  return clusters.map(({ at }) => ({ at, label: told.find((one) => one.at === at)?.label ?? "" }));
}

/** Words stand left of their line, in the chart's left part right of it: where from and to, as shares of its width. */
function roomOf(share: number, label: string): readonly [number, number] {
  const width = label.length * LETTER;
  return share < LABEL_FLIPS_AT ? [share, share + width] : [share - width, share];
}

/** The most telling kind of a moment; a deploy says that members left and joined, and that it rebalanced. */
function words(marks: readonly GroupEvent[]): string {
  const [first] = marks.toSorted((a, b) => TELLING[b.kind] - TELLING[a.kind]);
  if (first === undefined) return "";
  const alike = marks.filter(({ kind }) => kind === first.kind);
  const text = alike.length === 1 ? first.text : `${alike.length} ${MANY[first.kind]}`;
  return text.length <= LABEL_CHARS ? text : `${text.slice(0, LABEL_CHARS - 1)}…`;
}
