/** What a topic holds by what its records show. Its configuration and its name count first. */
export interface RoleEvidence {
  readonly events: number;
  /** how many of them have a failure's headers */
  readonly deadLetters: number;
  /** how many of them wait to be tried again */
  readonly retries: number;
}

/** What is further back counts half. */
const MOST_REMEMBERED = 10_000;

/**
 * A record with headers of a failure may be a copy that somebody has sent on with all of its headers, so a topic is
 * what most of its records are.
 */
export function roleByRecords({ events, deadLetters, retries }: RoleEvidence): "event" | "dead_letter" | "retry" {
  if (deadLetters > 0 && deadLetters * 2 >= events) return "dead_letter";
  return retries > 0 && (retries + deadLetters) * 2 >= events ? "retry" : "event";
}

export function addEvidence(known: RoleEvidence, more: RoleEvidence): RoleEvidence {
  const share = known.events > MOST_REMEMBERED ? 0.5 : 1;
  return {
    events: known.events * share + more.events,
    deadLetters: known.deadLetters * share + more.deadLetters,
    retries: known.retries * share + more.retries,
  };
}
