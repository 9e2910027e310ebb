/**
 * What the commits of groups show about a sample of what is written by producers that no record names: which group a
 * producer's process is, where no transaction tells it, and which kind of event makes it write which. What a group had
 * committed before the write, or had not come to yet, is not what made it write.
 */
import type pg from "pg";
import { FollowingCommits, type WriteSeen } from "#lib/domain/publisher/following-commits.ts";
import { kindOf, type CauseKind } from "#lib/domain/correlation/trace.ts";
import type { SubscriptionIndex } from "#lib/domain/correlation/subscriptions.ts";
import type { CorrelatedEvent } from "#lib/store/correlation/events-read.ts";
import { readCommitsAround, type CommitsAround } from "#lib/store/publishers/commits-around-read.ts";
import { writeUsualGroups, type UsualGroup } from "#lib/store/publishers/usual-groups-write.ts";
import type { Producer } from "#lib/store/publishers/producers-read.ts";

/** in one pass: each is looked at from every group that reads what was there before it */
const WRITES_PER_PASS = 60;
/** of one kind, so that rare kinds are not crowded out */
const WRITES_PER_KIND = 4;
const MOST_CANDIDATES = 12;
const MOST_EARLIER = 40;
const MOST_GROUPS = 20;
const MOST_PRODUCERS = 2000;
/** Commits may be stored later than the events that they follow: those are looked at so long after. */
const WAIT_MS = 3000;
const MAX_WAITING = 2000;
const CLOCK_SKEW_MS = 5000;

interface Write {
  readonly producer: Producer;
  readonly event: CorrelatedEvent;
  readonly earlier: readonly CorrelatedEvent[];
  readonly subscriptions: SubscriptionIndex;
}

interface Learned {
  readonly commits: FollowingCommits;
  /** those that are looked at */
  readonly groups: Set<number>;
  /** as it was written last */
  group: number | null;
}

export class CommitEvidence {
  readonly #client: pg.Client;
  readonly #learned = new Map<string, Learned>();
  #waiting: Write[] = [];

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /**
   * `window`: the ids of the events that are new. Inside the caller's transaction. Answers the causes that were
   * observed: of several earlier kinds of events the group can have been handling one only.
   */
  async learn(
    events: ReadonlyMap<string, CorrelatedEvent>,
    window: ReadonlySet<string>,
    subscriptions: SubscriptionIndex,
  ): Promise<CauseKind[]> {
    this.#waiting.push(...sampleOf(events, window, subscriptions));
    if (this.#waiting.length > MAX_WAITING) this.#waiting = this.#waiting.slice(-MAX_WAITING);
    const ripe = Date.now() - WAIT_MS;
    const due = this.#waiting.filter(({ event }) => event.storedAtMs <= ripe).slice(0, WRITES_PER_PASS);
    if (due.length === 0) return [];
    const done = new Set(due);
    this.#waiting = this.#waiting.filter((write) => !done.has(write));
    return this.#evaluate(due);
  }

  async #evaluate(writes: readonly Write[]): Promise<CauseKind[]> {
    const asked = writes.flatMap((write) =>
      this.#groupsOf(write).flatMap((groupId) => {
        const reads = write.subscriptions.ofGroup(groupId);
        const candidates = write.earlier.filter(({ destinationId }) => reads.has(destinationId));
        return { write, groupId, candidates: candidates.slice(-MOST_CANDIDATES) };
      }),
    );
    const wanted = asked.flatMap(({ write, groupId, candidates }) =>
      candidates.map(({ destinationId, partition }) => ({
        groupId,
        destinationId,
        partition,
        atMs: write.event.occurredAtMs,
      })),
    );
    const since = Math.min(...writes.flatMap(({ earlier }) => earlier.map(({ occurredAtMs }) => occurredAtMs)));
    const around = await readCommitsAround(this.#client, wanted, since - CLOCK_SKEW_MS);
    const observed: CauseKind[] = [];
    let at = 0;
    for (const { write, groupId, candidates } of asked) {
      const own = around.slice(at, (at += candidates.length));
      const { producer, event } = write;
      if (!producer.isGroupExact) this.#of(producer).commits.add(groupId, seenOf(event, candidates, own));
      if (groupId === producer.groupId) observed.push(...causeObserved(event, groupId, candidates, own));
    }
    await writeUsualGroups(this.#client, this.#changed(writes));
    return observed;
  }

  /** The groups that may have handled an earlier event, and those that were seen to before. */
  #groupsOf({ producer, earlier, subscriptions }: Write): number[] {
    if (producer.isGroupExact) return producer.groupId === null ? [] : [producer.groupId];
    const known = this.#of(producer).groups;
    for (const { destinationId } of earlier)
      for (const groupId of subscriptions.all.get(destinationId) ?? [])
        if (known.size <= MOST_GROUPS) known.add(groupId);
    // With more readers than are looked at, nothing could be without doubt.
    return known.size > MOST_GROUPS ? [] : [...known];
  }

  #of({ clusterId, producerId }: Producer): Learned {
    const key = `${clusterId} ${producerId}`;
    let learned = this.#learned.get(key);
    if (learned === undefined) {
      const [oldest] = this.#learned.keys();
      if (this.#learned.size >= MOST_PRODUCERS && oldest !== undefined) this.#learned.delete(oldest);
      learned = { commits: new FollowingCommits(), groups: new Set<number>(), group: null };
      this.#learned.set(key, learned);
    }
    return learned;
  }

  #changed(writes: readonly Write[]): UsualGroup[] {
    const changed: UsualGroup[] = [];
    for (const { producer } of writes) {
      if (producer.isGroupExact) continue;
      const learned = this.#of(producer);
      if (learned.group === learned.commits.group) continue;
      learned.group = learned.commits.group;
      changed.push({ clusterId: producer.clusterId, producerId: producer.producerId, groupId: learned.group });
    }
    return changed;
  }
}

/** Some of the new events whose producer is not known otherwise, each with what was there before it in its trace. */
function sampleOf(
  events: ReadonlyMap<string, CorrelatedEvent>,
  window: ReadonlySet<string>,
  subscriptions: SubscriptionIndex,
): Write[] {
  const counts = new Map<string, number>();
  const wanted: (CorrelatedEvent & { producer: Producer })[] = [];
  for (const id of window) {
    const event = events.get(id);
    const producer = event?.producer;
    if (event === undefined || producer === undefined || event.isCopy === true) continue;
    if (event.serviceId !== null) continue;
    const kind = `${producer.clusterId} ${producer.producerId} ${event.destinationId} ${event.typeId}`;
    const count = counts.get(kind) ?? 0;
    if (count >= WRITES_PER_KIND || wanted.length >= WRITES_PER_PASS) continue;
    counts.set(kind, count + 1);
    wanted.push({ ...event, producer });
  }
  if (wanted.length === 0) return [];
  const traces = Map.groupBy(events.values(), ({ traceUuid }) => traceUuid);
  return wanted.flatMap((event) => {
    const earlier = (traces.get(event.traceUuid) ?? [])
      .filter((one) => one.id !== event.id && one.occurredAtMs < event.occurredAtMs && !isOfSame(one, event.producer))
      .sort((a, b) => a.occurredAtMs - b.occurredAtMs)
      .slice(-MOST_EARLIER);
    return earlier.length === 0 ? [] : { producer: event.producer, event, earlier, subscriptions };
  });
}

const isOfSame = ({ producer }: CorrelatedEvent, other: Producer): boolean =>
  producer?.producerId === other.producerId && producer.clusterId === other.clusterId;

/**
 * Those that the group may have been handling when the event was written: it had not committed them, and the commit
 * that it made next there did not stop before them.
 */
const openOf = (candidates: readonly CorrelatedEvent[], around: readonly CommitsAround[]) =>
  candidates.flatMap((candidate, i) => {
    const { before = null, next = null } = around[i] ?? {};
    const isDone = before !== null && before > candidate.position;
    const isAhead = next !== null && next.offset <= candidate.position;
    return isDone || isAhead ? [] : { candidate, next };
  });

/** The cause, when of several kinds only one was open. */
function causeObserved(
  event: CorrelatedEvent,
  groupId: number,
  candidates: readonly CorrelatedEvent[],
  around: readonly CommitsAround[],
): CauseKind[] {
  const kinds = openOf(candidates, around).map(({ candidate }) => kindOf(candidate, event, groupId));
  const [only] = kinds;
  if (only === undefined || candidates.length === 1) return [];
  const isOne = kinds.every(
    ({ fromDestinationId, fromTypeId }) =>
      fromDestinationId === only.fromDestinationId && fromTypeId === only.fromTypeId,
  );
  return isOne ? [only] : [];
}

function seenOf(
  event: CorrelatedEvent,
  candidates: readonly CorrelatedEvent[],
  around: readonly CommitsAround[],
): WriteSeen {
  const open = openOf(candidates, around);
  // Only of the last event that it passes is the commit surely the first behind it.
  const [only] = open.length === 1 ? open : [];
  const isOfIt = only !== undefined && only.next?.offset === only.candidate.position + 1n;
  return {
    candidates: candidates.length,
    excluded: candidates.length - open.length,
    followed:
      isOfIt && only.next !== null
        ? {
            writtenAfterMs: event.occurredAtMs - only.candidate.occurredAtMs,
            committedAfterMs: only.next.atMs - event.occurredAtMs,
          }
        : null,
  };
}
