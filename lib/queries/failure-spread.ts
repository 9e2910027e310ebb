import type { FailureFatesView, FailureSpreadView } from "#lib/contracts/failures.ts";
import { ok } from "#lib/domain/result.ts";
import { readHead } from "#lib/store/failures/triage-read.ts";
import { readOriginalPosition, readSimilar, readSpread, type SpreadColumns } from "#lib/store/failures/spread-read.ts";
import { readDeadLettersOfEvents, readFates } from "#lib/store/events/fates-read.ts";
import type { Answer, QueryDeps } from "./deps.ts";
import { fatesOf } from "./fates.ts";

export async function getFailureSpread(
  { prisma }: Pick<QueryDeps, "prisma">,
  fingerprint: string,
): Answer<FailureSpreadView> {
  const head = await readHead(prisma, fingerprint);
  const [rows, similar] = await Promise.all([readSpread(prisma, head), readSimilar(prisma, head)]);
  const spread = (by: SpreadColumns["by"]) => {
    const own = rows.filter((row) => row.by === by);
    return { values: own.map(({ name, events }) => ({ name, events })), distinct: own[0]?.distinct ?? 0 };
  };
  return ok({
    keys: spread("key"),
    partitions: spread("partition"),
    versions: spread("version"),
    producers: spread("producer"),
    similar: similar.map((row) => ({ ...row, lastAt: row.lastAt.toISOString() })),
  });
}

/** Empty if the dead letter does not name the original event. */
export async function getFailureFates({ prisma }: Pick<QueryDeps, "prisma">, id: bigint): Answer<FailureFatesView> {
  const event = await readOriginalPosition(prisma, id);
  if (event === null) return ok({ fates: [] });
  const [fates = []] = fatesOf(
    [event],
    await readFates(prisma, [event]),
    await readDeadLettersOfEvents(prisma, [event]),
  );
  // Without the event's own time, delays since the event are unknown.
  return ok({
    fates: event.isTimeKnown
      ? fates
      : fates.map((fate) =>
          fate.fate === "consumed" ? { ...fate, at: null, afterMs: null } : { ...fate, afterMs: null },
        ),
  });
}
