/** Which bindings a tap has to have: those of the exchange, and no other. */
import type { BindingRow } from "./management.ts";
import { isOurs } from "./names.ts";

export type Binding = Pick<BindingRow, "routing_key" | "arguments">;

export interface BindingChanges {
  readonly add: readonly Binding[];
  readonly remove: readonly Binding[];
}

/**
 * What is to be changed so that the tap of an exchange gets just what anybody else gets from it. A binding for
 * everything would take away what tells a publisher, or an alternate exchange, that nobody wanted a message.
 */
export function bindingChanges(ofExchange: readonly BindingRow[], tap: string): BindingChanges {
  const byKey = (rows: readonly BindingRow[]) => new Map(rows.map((row) => [keyOf(row), row]));
  const theirs = byKey(ofExchange.filter(({ destination }) => !isOurs(destination)));
  const ours = byKey(ofExchange.filter(({ destination }) => destination === tap));
  return {
    add: [...theirs].flatMap(([key, row]) => (ours.has(key) ? [] : [row])),
    remove: [...ours].flatMap(([key, row]) => (theirs.has(key) ? [] : [row])),
  };
}

/**
 * A broker that has just started lists some of its bindings before the others. Flowtap's own is removed only when the
 * one that it copies has been missing for so long, in each list of one connection: until then it does no harm, and what
 * is not routed meanwhile would be lost.
 */
const GONE_AFTER_MS = 8000;

export class GoneBindings {
  readonly #since = new Map<string, number>();

  /** Of those that a list lacks, the ones that are gone for good. */
  add(missing: readonly Binding[], nowMs: number): Binding[] {
    const keys = new Set(missing.map(keyOf));
    for (const key of this.#since.keys()) if (!keys.has(key)) this.#since.delete(key);
    return missing.filter((binding) => {
      const since = this.#since.get(keyOf(binding)) ?? nowMs;
      this.#since.set(keyOf(binding), since);
      return nowMs - since >= GONE_AFTER_MS;
    });
  }

  clear(): void {
    this.#since.clear();
  }
}

const keyOf = ({ routing_key, arguments: args }: Binding): string =>
  JSON.stringify([routing_key, Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1))]);
