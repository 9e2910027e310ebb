/** Of which partitions the time of the first waiting event is to be found out, and what became known of it. */
import type { FoundHeads, WantedHead } from "./head-finder.ts";
import { headAt } from "./head-time.ts";
import { destinationPartitionKey, type LogEnds, type LogFacts } from "./log-ends.ts";
import { applyLag, type PartitionState } from "./partition-state.ts";
import type { PartitionStates } from "./partition-states.ts";
import { isCompacted, type SettingsOf } from "./topic-settings.ts";

const FRESH_MS = 3000;
const ASK_AGAIN_MS = 5000;
/**
 * How long an event that was read from a compacted log is taken to be still there, and from which age on events of such
 * a log are read at all.
 */
const COMPACTED = { againMs: 10_000, fromMs: 2000 } as const;
/** Whether events were lost to retention, or only transaction markers, is asked again this late. */
const LOST_AGAIN_MS = 60_000;

interface Candidate {
  readonly at: WantedHead;
  readonly askedAtMs: number;
  readonly lag: bigint;
  readonly state: PartitionState;
}

export interface WantedHeadsOptions {
  readonly topicOf: ReadonlyMap<number, string>;
  readonly settingsOf: SettingsOf;
  readonly nowMs: number;
  readonly limit: number;
}

/**
 * The partitions with waiting events the first of which has an unknown time: those that were asked for longest ago
 * first, of these the ones with the most lag.
 */
export function wantedHeads(
  states: PartitionStates,
  ends: LogEnds,
  { topicOf, settingsOf, nowMs, limit }: WantedHeadsOptions,
): WantedHead[] {
  const candidates: Candidate[] = [];
  for (const [key, facts, state] of states.mayLag((at) => ends.of(at))) {
    const topic = topicOf.get(state.row.destinationId);
    if (topic === undefined || !facts.hasLeader) continue;
    const candidate = candidateOf(state, key, facts, ends, topic, settingsOf, nowMs);
    if (candidate !== null) candidates.push(candidate);
  }
  candidates.sort((a, b) => a.askedAtMs - b.askedAtMs || Number(b.lag - a.lag));
  const asked = candidates.slice(0, limit);
  for (const { state, at } of asked) if (!at.isFresh) state.askedAtMs = nowMs;
  return asked.map(({ at }) => at);
}

function candidateOf(
  state: PartitionState,
  key: number,
  facts: LogFacts,
  ends: LogEnds,
  topic: string,
  settingsOf: SettingsOf,
  nowMs: number,
): Candidate | null {
  const { destinationId, partition, committedOffset } = state.row;
  if (committedOffset === null) return null;
  const { logStartOffset, lastStableOffset } = facts;
  const isLost = committedOffset < logStartOffset;
  const from = isLost ? logStartOffset : committedOffset;
  const lag = ends.lagFrom(key, facts, from);
  const waitedMs = applyLag(state, committedOffset, lag, nowMs);
  const { askedAtMs } = state;
  const at = { destinationId, partition, topic };
  // Only transaction markers may lie between the committed offset and the start of the log: then nothing was lost.
  if (isLost && !ends.isEmpty(key, committedOffset, logStartOffset) && nowMs - askedAtMs >= LOST_AGAIN_MS) {
    const lost = { ...at, committedOffset, upTo: logStartOffset, fromLog: false, isFresh: false };
    return { state, askedAtMs, lag, at: lost };
  }
  if (lag === 0n || ends.isEmpty(key, from, lastStableOffset)) return null;
  const known = headAt(state.head, from);
  const fromLog =
    known !== null &&
    isCompacted(settingsOf(destinationId)) &&
    nowMs - known.atMs > COMPACTED.fromMs &&
    nowMs - (state.head?.readAtMs ?? -Infinity) > COMPACTED.againMs;
  if ((known !== null && !fromLog) || nowMs - askedAtMs < ASK_AGAIN_MS) return null;
  const isFresh = waitedMs < FRESH_MS;
  return {
    state,
    askedAtMs: isFresh ? nowMs : askedAtMs,
    lag,
    at: { ...at, committedOffset: from, upTo: lastStableOffset, fromLog, isFresh },
  };
}

export function applyHeads(states: PartitionStates, ends: LogEnds, found: FoundHeads): void {
  for (const { destinationId, partition, committedOffset, upTo } of found.empty)
    ends.learnGap(destinationPartitionKey(destinationId, partition), committedOffset, upTo);
  const headOf = new Map(
    found.heads.map(({ destinationId, partition, committedOffset, head }) => [
      `${destinationPartitionKey(destinationId, partition)}/${committedOffset}`,
      head,
    ]),
  );
  if (headOf.size === 0) return;
  for (const [key, { logStartOffset }, state] of states.mayLag((at) => ends.of(at))) {
    const { committedOffset } = state.row;
    if (committedOffset === null) continue;
    const from = committedOffset < logStartOffset ? logStartOffset : committedOffset;
    const head = headOf.get(`${key}/${from}`);
    if (head !== undefined) state.head = head;
  }
}
