import type { AppError } from "#lib/contracts/errors.ts";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import type { EventToReplay } from "#lib/domain/replay/event-to-replay.ts";
import { err, ok, type Result } from "#lib/domain/result.ts";
import { uuidOf } from "#lib/store/db/identifiers.ts";
import { readJoinedTraces } from "#lib/store/events/traces-read.ts";
import { readDeadLettersToReplay } from "#lib/store/replays/dead-letters-to-replay.ts";
import { readIndexedToReplay } from "#lib/store/replays/indexed-to-replay.ts";
import { invalid, type CommandDeps } from "./deps.ts";
import { selectRange } from "./select-range.ts";
import type { SelectedEvents } from "./selected-events.ts";

const DEAD_LETTERS_GONE: AppError = { code: "not_found", message: "None of these dead letters is known to Flowtap." };
/** How far an event may be stored before the flow it belongs to began, by the clocks of two machines. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Finds the chosen events, `limit` at most. */
export async function selectEvents(
  deps: CommandDeps,
  select: ReplaySelection,
  limit: number,
): Promise<Result<SelectedEvents, AppError>> {
  const { prisma } = deps;
  const deadLetters = async (
    chosen: Parameters<typeof readDeadLettersToReplay>[1],
  ): Promise<Result<SelectedEvents, AppError>> => {
    const events = await readDeadLettersToReplay(prisma, chosen, limit);
    return events.length === 0 ? err(DEAD_LETTERS_GONE) : ok({ events, expired: 0, offsetsNotRead: 0 });
  };
  switch (select.by) {
    case "fingerprint": {
      const { fingerprint, group, key, from, to } = select;
      return deadLetters({
        by: "fingerprint",
        fingerprint,
        group: group ?? null,
        key: key ?? null,
        from: from === undefined ? null : new Date(from),
        to: to === undefined ? null : new Date(to),
      });
    }
    case "failures":
      return deadLetters({ by: "failures", ids: select.ids.map(BigInt) });
    case "trace": {
      const { traceUuid, aliasUuids, firstAt } = await readJoinedTraces(prisma, uuidOf(select.traceId));
      const traceUuids = [traceUuid, ...aliasUuids];
      if (select.failedOnly) return deadLetters({ by: "trace", traceUuids });
      return indexed(
        await readIndexedToReplay(
          prisma,
          { by: "trace", traceUuids, since: new Date((firstAt?.getTime() ?? CLOCK_SKEW_MS) - CLOCK_SKEW_MS) },
          limit,
        ),
        `Of the trace ${select.traceId} no event is kept that could be sent again.`,
      );
    }
    case "key": {
      const inTopics = select.topics === undefined ? "" : " in these topics";
      return indexed(
        await readIndexedToReplay(
          prisma,
          { by: "key", cluster: select.cluster, key: select.key, topics: select.topics ?? null },
          limit,
        ),
        `No event with the key ${select.key} is kept${inTopics} on ${select.cluster}.`,
      );
    }
    case "range":
      return selectRange(deps, select, limit);
  }
}

function indexed(events: EventToReplay[] | null, none: string): Result<SelectedEvents, AppError> {
  if (events === null)
    return err(invalid("select", "Looking these events up takes too long. Name the topics they are in."));
  if (events.length === 0) return err({ code: "not_found", message: none });
  return ok({ events, expired: 0, offsetsNotRead: 0 });
}
