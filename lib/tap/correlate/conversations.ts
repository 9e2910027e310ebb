/** Which trace the events of a window belong to. */
import type pg from "pg";
import { addAliases, joinTraces, readAliases, type Joining } from "#lib/store/correlation/aliases-write.ts";
import type { CorrelatedEvent } from "#lib/store/correlation/events-read.ts";
import { takeFoldedTraces } from "#lib/store/correlation/traces-write.ts";

/**
 * An event that names a conversation beside its trace draws the conversation's other events into that trace: those
 * without a trace of their own, and the further traces that begin where a service in the middle passed on the
 * conversation only.
 */
export async function resolveConversations(
  client: pg.Client,
  window: readonly CorrelatedEvent[],
): Promise<{
  resolve: (event: CorrelatedEvent) => CorrelatedEvent;
  folded: Awaited<ReturnType<typeof takeFoldedTraces>>;
}> {
  const named = new Map<string, string>();
  for (const event of [...window].sort((a, b) => a.occurredAtMs - b.occurredAtMs)) {
    if (event.aliasUuid !== null && event.aliasUuid !== event.traceUuid && !named.has(event.aliasUuid))
      named.set(event.aliasUuid, event.traceUuid);
  }
  await addAliases(client, named);
  const owners = await readAliases(client, [...named.keys()]);
  const joining = new Map<string, Joining>();
  const owning = new Set<string>();
  for (const event of window) {
    const conversation = event.aliasUuid ?? "";
    const owner = owners.get(conversation);
    // An owner that itself joins another trace takes no others along: every alias points straight at its trace.
    if (owner !== undefined && owner !== event.traceUuid && !joining.has(owner) && !owning.has(event.traceUuid)) {
      joining.set(event.traceUuid, { trace: event.traceUuid, owner, conversation });
      owning.add(owner);
    }
  }
  await joinTraces(client, [...joining.values()]);
  const aliases = await readAliases(client, [...new Set([...named.keys(), ...window.map((event) => event.traceUuid)])]);
  const resolve = (event: CorrelatedEvent) => {
    const traceUuid = aliases.get(event.traceUuid);
    return traceUuid === undefined ? event : { ...event, traceUuid };
  };
  return { resolve, folded: await takeFoldedTraces(client, [...named.keys(), ...joining.keys()]) };
}
