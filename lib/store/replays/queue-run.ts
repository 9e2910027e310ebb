/** Lets a draft run: draft → queued, without the items whose facts have changed since the preview. */
import { writeAudit, type Actor } from "../audit.ts";
import { Prisma, type PrismaClient } from "../prisma/generated/client.ts";
import { receiverWords } from "#lib/domain/replay/second-time.ts";
import { inHandOf, StoredPlan } from "./plan.ts";
import { type RunChange, NothingLeft, changeRun } from "./run-change.ts";

export interface RunOrder {
  readonly reason: string;
  /** how long what needs an empty group may wait for it */
  readonly waitUntil: Date | null;
  /** of the draft that was reviewed; null: whichever it is now */
  readonly revision: number | null;
}

/**
 * Draft → queued. Items whose facts have changed since the preview are left out; a run with none left stays a draft, as
 * does one that was changed since `revision`.
 */
export async function queueRun(
  prisma: PrismaClient,
  id: number,
  actor: Actor,
  { reason, waitUntil, revision }: RunOrder,
): Promise<RunChange> {
  return changeRun(prisma, id, async (transaction, run) => {
    if (run.status !== "draft") return { changed: false, because: "not_draft", status: run.status };
    if (revision !== null && revision !== run.revision)
      return { changed: false, because: "changed_since", revision: run.revision };
    if (run.kind === "redrive") {
      await transaction.$executeRaw`
        UPDATE replay_items i
        SET status = 'skipped', reason = changed.reason
        FROM (
          SELECT p.seq,
            CASE
              WHEN f.status <> 'open' THEN 'sent_by_another_run'
              WHEN po.log_start_offset > p.source_offset THEN 'expired_since_preview'
              WHEN ${inHandOf(Prisma.sql`f.id`, id)} THEN 'taken_by_another_run'
            END AS reason
          FROM replay_items p
          JOIN replay_runs r ON r.id = p.run_id
          LEFT JOIN failures f ON f.id = p.failure_id
          LEFT JOIN destinations d ON d.cluster_id = r.cluster_id AND d.name = p.source_topic
          LEFT JOIN partition_offsets po ON po.destination_id = d.id AND po.partition = p.source_partition
          WHERE p.run_id = ${id} AND p.status = 'pending'
        ) changed
        WHERE i.run_id = ${id} AND i.seq = changed.seq AND changed.reason IS NOT NULL`;
      if ((await transaction.replayItem.count({ where: { runId: id, status: "pending" } })) === 0)
        throw new NothingLeft();
    }
    await transaction.replayRun.update({ where: { id }, data: { status: "queued", reason } });
    if (waitUntil !== null)
      await transaction.$executeRaw`
        UPDATE replay_runs
        SET plan = plan || ${JSON.stringify({ waitUntil })}::jsonb
        WHERE id = ${id}`;
    await writeAudit(transaction, actor, {
      action: `replay.${run.kind}.run`,
      target: `replay/${id}`,
      reason,
      detail: {
        group: run.groupName,
        ...(run.kind === "redrive" && { receivers: await receiversOf(transaction, id) }),
      },
    });
    return { changed: true };
  });
}

const MOST_RECEIVERS = 100;

/** Who the plan said would get the events, and what was known of them when it was let run. */
async function receiversOf(transaction: Prisma.TransactionClient, id: number): Promise<string[]> {
  const { preview } = StoredPlan.parse(
    (await transaction.replayRun.findUniqueOrThrow({ where: { id }, select: { plan: true } })).plan,
  );
  if (preview.kind !== "redrive") return [];
  return preview.targets
    .flatMap(({ topic, receivers }) => receivers.map((receiver) => `${topic}: ${receiverWords(receiver)}`))
    .slice(0, MOST_RECEIVERS);
}
