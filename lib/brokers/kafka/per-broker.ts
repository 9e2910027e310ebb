/** Asks each broker for its share of a list. */
import { isBrokerFault, type BrokerFault } from "../ports/errors.ts";

export function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

/**
 * Runs the work of all brokers concurrently, and each broker's chunks in order. A broker that fails is left out and
 * reported to `onFault`; rejects only when every broker has failed.
 */

export async function perBroker<T, R>(
  items: ReadonlyMap<number, readonly T[]>,
  size: number,
  work: (nodeId: number, chunk: readonly T[]) => Promise<R[]>,
  onFault?: (nodeId: number, fault: BrokerFault) => void,
): Promise<R[]> {
  const faults: BrokerFault[] = [];
  const answers = await Promise.all(
    [...items].map(async ([nodeId, all]) => {
      const found: R[] = [];
      try {
        for (const chunk of chunksOf(all, size)) for (const one of await work(nodeId, chunk)) found.push(one);
      } catch (error) {
        if (!isBrokerFault(error)) throw error;
        faults.push(error);
        onFault?.(nodeId, error);
      }
      return found;
    }),
  );
  const [first] = faults;
  if (first !== undefined && faults.length === items.size) throw first;
  return answers.flat();
}
