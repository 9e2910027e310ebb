/** Which queues can be reached from an exchange, by its bindings and those of the exchanges behind it. */
import type { Route } from "../ports/inspector.ts";
import type { BindingRow } from "./management.ts";
import { destinationOfExchange, isOurs } from "./names.ts";

/** Keys and arguments are not looked at: a route is where a message can go, not where each one went. */
export function routesOf(bindings: readonly BindingRow[]): Route[] {
  const bySource = Map.groupBy(
    bindings.filter(({ source, destination }) => source !== "" && !isOurs(destination)),
    ({ source }) => source,
  );
  return [...bySource.keys()].flatMap((exchange) =>
    [...queuesBehind(exchange, bySource)].map((group) => ({ destination: destinationOfExchange(exchange), group })),
  );
}

/** Exchanges may be bound in a circle. */
export function queuesBehind(from: string, bySource: ReadonlyMap<string, readonly BindingRow[]>): ReadonlySet<string> {
  const queues = new Set<string>();
  const seen = new Set([from]);
  for (const exchange of seen)
    for (const { destination, destination_type: type } of bySource.get(exchange) ?? [])
      if (type === "queue") queues.add(destination);
      else seen.add(destination);
  return queues;
}
