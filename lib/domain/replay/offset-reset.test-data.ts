/** Group partitions, and where a reset must put them. */
import type { ResetPartitionFacts, ResetTarget } from "./offset-reset.ts";

export const facts = (row: Partial<ResetPartitionFacts> = {}): ResetPartitionFacts => ({
  logStartOffset: 100n,
  endOffset: 200n,
  committedOffset: 150n,
  offsetAtTime: null,
  namedOffset: null,
  ...row,
});

export const RESET_CASES: readonly {
  why: string;
  row?: Partial<ResetPartitionFacts>;
  target: ResetTarget;
  to: bigint;
  seenAgain: bigint;
  skipped: bigint;
}[] = [
  {
    why: "earliest gives everything consumed again",
    target: { how: "earliest" },
    to: 100n,
    seenAgain: 50n,
    skipped: 0n,
  },
  { why: "latest skips what waits", target: { how: "latest" }, to: 200n, seenAgain: 0n, skipped: 50n },
  {
    why: "a time goes to the first record at or after it",
    row: { offsetAtTime: 120n },
    target: { how: "timestamp", at: "2026-01-01T00:00:00Z" },
    to: 120n,
    seenAgain: 30n,
    skipped: 0n,
  },
  {
    why: "a time after the last record goes to the end",
    target: { how: "timestamp", at: "2026-01-01T00:00:00Z" },
    to: 200n,
    seenAgain: 0n,
    skipped: 50n,
  },
  {
    why: "an offset before the log's start goes to the start",
    target: { how: "offset", offset: 3n },
    to: 100n,
    seenAgain: 50n,
    skipped: 0n,
  },
  {
    why: "an offset past the end goes to the end",
    target: { how: "offset", offset: 9999n },
    to: 200n,
    seenAgain: 0n,
    skipped: 50n,
  },
  {
    why: "a shift counts from the committed offset",
    target: { how: "shift", by: -7n },
    to: 143n,
    seenAgain: 7n,
    skipped: 0n,
  },
  { why: "a shift stays inside the log", target: { how: "shift", by: 1000n }, to: 200n, seenAgain: 0n, skipped: 50n },
  {
    why: "records that retention took cannot be seen again",
    row: { committedOffset: 40n },
    target: { how: "earliest" },
    to: 100n,
    seenAgain: 0n,
    skipped: 0n,
  },
  {
    why: "a group ahead of a topic made anew stands at its end",
    row: { committedOffset: 900n },
    target: { how: "earliest" },
    to: 100n,
    seenAgain: 100n,
    skipped: 0n,
  },
  {
    why: "a group that never committed has nothing to see again",
    row: { committedOffset: null },
    target: { how: "earliest" },
    to: 100n,
    seenAgain: 0n,
    skipped: 0n,
  },
  {
    why: "where another group stands",
    row: { namedOffset: 130n },
    target: { how: "group", group: "audit" },
    to: 130n,
    seenAgain: 20n,
    skipped: 0n,
  },
  {
    why: "another group's offset that retention took goes to the start",
    row: { namedOffset: 30n },
    target: { how: "group", group: "audit" },
    to: 100n,
    seenAgain: 50n,
    skipped: 0n,
  },
  {
    why: "an offset of its own",
    row: { namedOffset: 160n },
    target: { how: "offsets" },
    to: 160n,
    seenAgain: 0n,
    skipped: 10n,
  },
  {
    why: "standing still changes nothing",
    target: { how: "offset", offset: 150n },
    to: 150n,
    seenAgain: 0n,
    skipped: 0n,
  },
];
