/**
 * How often something may be tried: `most` per `windowMs` and address. Keeps a bounded number of addresses; beyond it
 * the oldest is forgotten.
 */
export function openAttemptLimit({
  most,
  windowMs,
  now,
  maxAddresses = 10_000,
}: {
  readonly most: number;
  readonly windowMs: number;
  readonly now: () => number;
  readonly maxAddresses?: number;
}) {
  const attempts = new Map<string, { since: number; count: number }>();
  return {
    /** counts one attempt; false: too many */
    allow(address: string): boolean {
      const at = now();
      const known = attempts.get(address);
      const current = known !== undefined && at - known.since < windowMs ? known : { since: at, count: 0 };
      current.count += 1;
      attempts.delete(address);
      attempts.set(address, current);
      const oldest = attempts.size > maxAddresses ? attempts.keys().next().value : undefined;
      if (oldest !== undefined) attempts.delete(oldest);
      return current.count <= most;
    },
    forget: (address: string) => void attempts.delete(address),
  };
}
export type AttemptLimit = ReturnType<typeof openAttemptLimit>;
