/** Where a range of offsets or of time begins and ends in each partition. */
import { partitionKey } from "#lib/brokers/partition-key.ts";
import type { LogInspector, PartitionLogOffsets } from "#lib/brokers/ports/log-inspector.ts";
import type { AppError } from "#lib/contracts/errors.ts";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import type { PositionRange } from "#lib/store/replays/dead-letters-to-replay.ts";
import { invalid } from "./deps.ts";

export type RangeSelection = Extract<ReplaySelection, { by: "range" }>;

export interface Bounds extends PositionRange {
  /** offsets that were asked for and that the log no longer holds */
  readonly expired: number;
}

export async function boundsOf(
  inspector: LogInspector,
  { cluster, topic, partitions: only, from, to }: RangeSelection,
): Promise<Result<readonly Bounds[], AppError>> {
  const all =
    (await inspector.destinations())
      .find((info) => info.name === topic)
      ?.partitions.map(({ partition }) => partition) ?? [];
  if (all.length === 0) return err({ code: "not_found", message: `There is no topic ${topic} on ${cluster}.` });
  const missing = only?.find((partition) => !all.includes(partition));
  if (missing !== undefined)
    return err(
      invalid("select", `${topic} has no partition ${missing}: it has ${all.length}, from 0 to ${Math.max(...all)}.`),
    );
  const partitions = (only ?? all).map((partition) => ({ topic, partition }));
  const logs = await inspector.logOffsets(partitions);
  const leaderless = partitions.length - logs.length;
  if (leaderless > 0)
    return err({
      code: "broker_unreachable",
      message: `${leaderless} of the partitions of ${topic} have no leader now, so they cannot be read.`,
    });
  const boundOf = async (
    bound: { readonly at: string } | { readonly offset: string },
    behind: bigint,
  ): Promise<(log: PartitionLogOffsets) => bigint> => {
    if ("offset" in bound) return () => BigInt(bound.offset) + behind;
    const offsets = await inspector.offsetsAt(partitions, Date.parse(bound.at));
    return (log) => offsets.get(partitionKey(log)) ?? log.endOffset;
  };
  const [first, behind] = [
    await boundOf(from, 0n),
    to === undefined ? (log: PartitionLogOffsets) => log.lastStableOffset : await boundOf(to, 1n),
  ];
  const bounds = logs.map((log): Bounds => {
    const wanted = { from: first(log), to: smaller(behind(log), log.lastStableOffset) };
    const start = wanted.from > log.logStartOffset ? wanted.from : log.logStartOffset;
    return {
      partition: log.partition,
      from: start,
      to: wanted.to,
      expired: "offset" in from && wanted.to > wanted.from ? Number(smaller(start, wanted.to) - wanted.from) : 0,
    };
  });
  if (bounds.some((one) => one.to > one.from || one.expired > 0)) return ok(bounds);
  return err(
    invalid(
      "select",
      `Nothing lies in this stretch of ${topic}. ${logs
        .slice(0, 3)
        .map((log) => `Partition ${log.partition} holds offsets ${log.logStartOffset} to ${log.endOffset}`)
        .join("; ")}${logs.length > 3 ? " …" : ""}.`,
    ),
  );
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
