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

/** Empty where the dead letter does not tell which event it was. */
export async function getFailureFates({ prisma }: Pick<QueryDeps, "prisma">, id: bigint): Answer<FailureFatesView> {
  const place = await readOriginalPosition(prisma, id);
  if (place === null) return ok({ fates: [] });
  const [fates = []] = fatesOf(
    [place],
    await readFates(prisma, [place]),
    await readDeadLettersOfEvents(prisma, [place]),
  );
  // Without the event's own time, how long after it something happened cannot be known.
  return ok({
    fates: place.timeTold
      ? fates
      : fates.map((fate) =>
          fate.fate === "consumed" ? { ...fate, at: null, afterMs: null } : { ...fate, afterMs: null },
        ),
  });
}
