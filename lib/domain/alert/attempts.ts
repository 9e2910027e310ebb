/** How an attempt to send a message ended. `again`: a later attempt may succeed; the receiver may ask for a pause. */
export type Attempt =
  | { readonly outcome: "sent" }
  | { readonly outcome: "refused"; readonly error: string }
  | { readonly outcome: "again"; readonly error: string; readonly retryAfterMs: number | null };

const FIRST_MS = 2000;
const LAST_MS = 15 * 60_000;
const LONGEST_ASKED_MS = 3_600_000;
/** A message that was not accepted for this long is given up. */
export const GIVE_UP_AFTER_MS = 24 * 3_600_000;

/**
 * The pause after the nth failed attempt: doubling from 2 s to 15 min, half of it by chance (0 ≤ chance < 1), and never
 * sooner than the receiver asked, up to an hour.
 */
export function pauseAfter(attempts: number, retryAfterMs: number | null, chance: number): number {
  const backoffMs = Math.min(FIRST_MS * 2 ** Math.min(attempts - 1, 20), LAST_MS) * (0.5 + chance / 2);
  return Math.max(Math.round(backoffMs), Math.min(retryAfterMs ?? 0, LONGEST_ASKED_MS));
}

/** What an HTTP status means. Redirects are not followed: people must decide where messages go. */
export function readHttpStatus(status: number): Attempt["outcome"] {
  if (status >= 200 && status < 300) return "sent";
  if (status === 408 || status === 425 || status === 429 || status >= 500) return "again";
  return "refused";
}

/** The Retry-After header (RFC 9110): seconds or a date; null where it says neither. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
