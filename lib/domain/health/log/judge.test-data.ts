/** [offset, second, lag] */
export type Row = readonly [offset: number, second: number, lag: number | null];
const seconds = (from: number, step = 10) => Array.from({ length: 10 }, (_, i) => from + i * step);

/** Each row is a promise: these commits, these ends of the log, this moment, and the verdict. */
export const JUDGED: readonly {
  name: string;
  ring: readonly Row[];
  ends: readonly number[];
  now: number;
  allowed?: number;
  stoppedAfter?: number;
  verdict: string;
  /** 1 unless told otherwise */
  evidence?: number;
}[] = [
  { name: "nothing committed yet", ring: [], ends: [100], now: 1000, verdict: "ok", evidence: 0 },
  {
    name: "no lag now, whatever was before",
    ring: seconds(0).map((s) => [100, s, 50] as const),
    ends: [90, 100],
    now: 100,
    verdict: "ok",
  },
  {
    name: "committed past the end as we know it",
    ring: seconds(0).map((s) => [120, s, 0] as const),
    ends: [100],
    now: 100,
    verdict: "ok",
  },
  {
    name: "moving with the end",
    ring: seconds(0).map((s, i) => [i * 10, s, i % 2] as const),
    ends: [80, 95],
    now: 95,
    verdict: "ok",
  },
  {
    name: "lag grows but was zero once",
    ring: seconds(0).map((s, i) => [i * 10, s, i * 5] as const),
    ends: [200, 300],
    now: 95,
    verdict: "ok",
  },
  {
    name: "falls behind: lag never shrinks",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i * 5] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
  },
  {
    name: "lag stays the same while it moves",
    ring: seconds(0).map((s, i) => [i * 10, s, 10] as const),
    ends: [95, 100],
    now: 95,
    verdict: "warning",
  },
  {
    name: "one step of lag shrinking clears the warning",
    ring: seconds(0).map((s, i) => [i * 10, s, i === 6 ? 1 : 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "ok",
  },
  {
    name: "unknown lags are passed over",
    ring: seconds(0).map((s, i) => [i * 10, s, i % 3 === 0 ? null : 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
  },
  {
    name: "commits the same offset again and again",
    ring: seconds(0).map((s, i) => [10, s, 50 + i] as const),
    ends: [150, 160],
    now: 95,
    verdict: "stalled",
  },
  {
    name: "the same offset again and again, but once at the end",
    ring: seconds(0).map((s, i) => [10, s, i] as const),
    ends: [150, 160],
    now: 95,
    verdict: "ok",
  },
  {
    name: "no commit for longer than the ring spans",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 181,
    verdict: "stopped",
  },
  {
    name: "no commit for just as long as the ring spans",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 180,
    verdict: "warning",
  },
  {
    name: "no commit for long, but it was at the end a moment ago",
    ring: seconds(0).map((s, i) => [i * 10, s, 0] as const),
    ends: [90, 300],
    now: 1000,
    verdict: "ok",
  },
  {
    name: "stopped stands before stalled",
    ring: seconds(0).map((s) => [10, s, 50] as const),
    ends: [150, 160],
    now: 500,
    verdict: "stopped",
  },
  {
    name: "went back and stayed back",
    ring: seconds(0).map((s, i) => [i < 5 ? 100 + i * 10 : i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "rewound",
  },
  {
    name: "went back and caught up again",
    ring: seconds(0).map((s, i) => [i === 5 ? 5 : i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
  },
  { name: "one commit only", ring: [[10, 0, 90]], ends: [100, 110], now: 1, verdict: "stopped", evidence: 0.1 },
  {
    name: "silent for longer than a short ring spans, but for no longer than is allowed",
    ring: [
      [10, 0, 90],
      [12, 5, 95],
    ],
    ends: [100, 110],
    now: 20,
    stoppedAfter: 30,
    verdict: "warning",
    evidence: 0.2,
  },
  {
    name: "the same offset again and again, but the lags are not known",
    ring: seconds(0).map((s) => [10, s, null] as const),
    ends: [150, 160],
    now: 95,
    verdict: "ok",
  },
  {
    name: "lag within what is allowed",
    ring: seconds(0).map((s, i) => [i, s, 150] as const),
    ends: [150, 160],
    now: 500,
    allowed: 151,
    verdict: "ok",
  },
  {
    name: "lag above what is allowed",
    ring: seconds(0).map((s, i) => [i, s, 155] as const),
    ends: [150, 170],
    now: 95,
    allowed: 151,
    verdict: "warning",
  },
  {
    name: "as much lag as is allowed",
    ring: seconds(0).map((s, i) => [i, s, 155] as const),
    ends: [150, 160],
    now: 95,
    allowed: 151,
    verdict: "ok",
  },
  {
    name: "one more than is allowed",
    ring: seconds(0).map((s, i) => [i, s, 155] as const),
    ends: [150, 160],
    now: 95,
    allowed: 150,
    verdict: "warning",
  },
  {
    name: "one lag of the window was just what is allowed",
    ring: seconds(0).map((s, i) => [i, s, i === 4 ? 100 : 155] as const),
    ends: [150, 300],
    now: 95,
    allowed: 100,
    verdict: "ok",
  },
  {
    name: "no commit for long, and the end was passed once, exactly",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [90, 300],
    now: 1000,
    verdict: "warning",
  },
  {
    name: "no commit for long, and the end was one further",
    ring: seconds(0).map((s, i) => [i * 10, s, 10 + i] as const),
    ends: [91, 300],
    now: 1000,
    verdict: "stopped",
  },
  {
    name: "stopped stands before rewound",
    ring: seconds(0).map((s, i) => [i < 5 ? 100 + i * 10 : i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 500,
    verdict: "stopped",
  },
  {
    name: "rewound stands before what its lags say",
    ring: seconds(0).map((s, i) => [i < 5 ? 100 + i * 10 : i * 10, s, i === 2 ? 0 : 10] as const),
    ends: [200, 300],
    now: 95,
    verdict: "rewound",
  },
  {
    name: "went back and came to the very offset it fell from",
    ring: seconds(0).map((s, i) => [i === 5 ? 5 : i < 5 ? i * 10 : 40, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
  },
  {
    name: "fell twice, and recovered from the first fall",
    ring: seconds(0).map((s, i) => [[10, 20, 5, 25, 30, 40, 12, 13, 14, 15][i] ?? 0, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "warning",
  },
  {
    name: "went back with the very last commit",
    ring: seconds(0).map((s, i) => [i === 9 ? 50 : i * 10, s, 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "rewound",
  },
  {
    name: "two lags that fall, at the window's end only",
    ring: seconds(0).map((s, i) => [i * 10, s, i === 9 ? 17 : 10 + i] as const),
    ends: [200, 300],
    now: 95,
    verdict: "ok",
  },
  {
    name: "the end is not known",
    ring: seconds(0).map((s, i) => [i, s, null] as const),
    ends: [],
    now: 500,
    verdict: "ok",
  },
];
