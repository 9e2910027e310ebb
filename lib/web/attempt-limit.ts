/**
 * How often something may be tried: `most` per `windowMs` and network of the one who tries. Keeps a bounded number of
 * networks; beyond it the oldest is forgotten.
 */
import { networkOf } from "./client-network.ts";

export function openAttemptLimit({
  most,
  windowMs,
  now,
  maxNetworks = 10_000,
}: {
  readonly most: number;
  readonly windowMs: number;
  readonly now: () => number;
  readonly maxNetworks?: number;
}) {
  const attempts = new Map<string, { readonly since: number; count: number }>();
  const known = (address: string) => {
    const found = attempts.get(networkOf(address));
    return found !== undefined && now() - found.since < windowMs ? found : undefined;
  };
  /** counts one attempt; answers how many there have been in this window */
  const count = (address: string): number => {
    const current = known(address) ?? { since: now(), count: 0 };
    current.count += 1;
    attempts.delete(networkOf(address));
    attempts.set(networkOf(address), current);
    const oldest = attempts.size > maxNetworks ? attempts.keys().next().value : undefined;
    if (oldest !== undefined) attempts.delete(oldest);
    return current.count;
  };
  return {
    count,
    /** counts one attempt; false: too many */
    allow: (address: string): boolean => count(address) <= most,
    /** whether the next attempt would be one too many; counts nothing */
    isUsedUp: (address: string): boolean => (known(address)?.count ?? 0) >= most,
    forget: (address: string) => void attempts.delete(networkOf(address)),
  };
}
export type AttemptLimit = ReturnType<typeof openAttemptLimit>;
