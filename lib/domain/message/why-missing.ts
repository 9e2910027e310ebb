/** What is known of the log in which a message is looked for. */
export interface KnownLog {
  readonly endOffset: bigint;
  /** events at and behind it cannot be read before the transaction that is open there has ended */
  readonly lastStableOffset: bigint;
  /** who holds the last stable offset, and since when; null: nobody, or not known */
  readonly heldBy: { readonly producerId: string; readonly transactionalId: string | null } | null;
  readonly heldSince: string | null;
}

/** Why there is no message at an offset: half a sentence. */
export function whyMissing(offset: bigint, log: KnownLog | null): string {
  if (log === null) return "compaction or an aborted transaction took it, or it is not written yet";
  const { endOffset, lastStableOffset, heldBy, heldSince } = log;
  if (offset >= endOffset) return "it is not written yet";
  if (offset < lastStableOffset) return "compaction or an aborted transaction took it";
  const who =
    heldBy === null
      ? "a transaction"
      : heldBy.transactionalId === null
        ? `a transaction of producer ${heldBy.producerId}`
        : `the transaction ${heldBy.transactionalId} of producer ${heldBy.producerId}`;
  const since = heldSince === null ? "" : ` since ${heldSince}`;
  return `${who} is open${since} and holds it back: it can be read once that has ended`;
}
