/** Moves an empty group to where its preview said. The broker itself refuses a group that has members. */
import { z } from "zod";
import type { Inspector } from "#lib/brokers/ports.ts";
import { describeMembers } from "#lib/commands/group-standing.ts";
import type { OffsetResetPreview } from "#lib/contracts/replays.ts";
import type { CarriedRun } from "#lib/store/replays-carry.ts";

/** The `result` of a reset: where the group stood before, which is what undoes it; written before anything moves. */
const ResetResult = z.object({ former: z.array(z.object({ topic: z.string(), partition: z.number(), offset: z.string().nullable() })) });

export async function resetOffsets(run: CarriedRun, inspector: Inspector, preview: OffsetResetPreview): Promise<void> {
  const { group, partitions } = preview;
  const [info] = await inspector.groups([group]);
  const committed = new Map((await inspector.committed([group])).map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset.toString()]));
  const standsAt = ({ topic, partition }: { topic: string; partition: number }): string | null => committed.get(`${topic}/${partition}`) ?? null;
  const begunBefore = ResetResult.safeParse(run.result).success;
  // Begun by one that died: the broker may have done it all the same.
  if (begunBefore && partitions.every((one) => standsAt(one) === one.to)) return run.finish("completed", null);
  if (info !== undefined && info.members.length > 0) return run.finish("failed", `${group} must be empty for a reset; connected: ${describeMembers(info.members)}`);
  if (!begunBefore) {
    if (partitions.some((one) => standsAt(one) !== one.from)) return run.finish("failed", `${group} has moved since the preview; preview it again`);
    await run.saveResult({ former: partitions.map(({ topic, partition, from }) => ({ topic, partition, offset: from })) } satisfies z.infer<typeof ResetResult>);
  }
  try {
    await inspector.resetOffsets(group, partitions.map(({ topic, partition, to }) => ({ topic, partition, offset: BigInt(to) })));
  } catch (error) {
    return run.finish("failed", await refusalInWords(inspector, group, error));
  }
  await run.finish("completed", null);
}

/** Somebody may have connected between our look and the broker's: then who it is says more than the broker's code. */
async function refusalInWords(inspector: Inspector, group: string, error: unknown): Promise<string> {
  const [info] = await inspector.groups([group]);
  if (info !== undefined && info.members.length > 0) return `${group} must be empty for a reset; connected meanwhile: ${describeMembers(info.members)}`;
  return error instanceof Error ? error.message : String(error);
}
