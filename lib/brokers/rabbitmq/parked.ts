/** Queues in which messages are put aside: that nobody consumes them is as it should be. */
import type { BindingRow, QueueRow } from "./management.ts";
import { queuesBehind } from "./routes.ts";

type Queue = Pick<QueueRow, "name" | "arguments" | "effective_policy_definition">;

/**
 * The queues to which consumed ones send their dead letters, and those in which messages wait for their time to pass
 * before they are sent on. `isConsumed`: whether a queue has consumers, or had some.
 */
export function parkedQueues(
  queues: readonly Queue[],
  bindings: readonly BindingRow[],
  isConsumed: (queue: string) => boolean,
): ReadonlySet<string> {
  const bySource = Map.groupBy(bindings, ({ source }) => source);
  const parked = new Set<string>();
  for (const queue of queues) {
    const exchange = settingOf(queue, "dead-letter-exchange");
    if (typeof exchange !== "string") continue;
    // Where messages go on to after their time is where they are wanted.
    if (settingOf(queue, "message-ttl") !== undefined && !isConsumed(queue.name)) parked.add(queue.name);
    else for (const target of targetsOf(queue, exchange, bySource)) parked.add(target);
  }
  return new Set([...parked].filter((name) => !isConsumed(name)));
}

function targetsOf(
  queue: Queue,
  exchange: string,
  bySource: ReadonlyMap<string, readonly BindingRow[]>,
): Iterable<string> {
  if (exchange !== "") return queuesBehind(exchange, bySource);
  // The default exchange leads to the queue that the key names.
  const key = settingOf(queue, "dead-letter-routing-key");
  return typeof key === "string" ? [key] : [];
}

/** What the queue was made with counts before its policy. */
const settingOf = ({ arguments: args, effective_policy_definition: policy }: Queue, name: string): unknown =>
  args[`x-${name}`] ?? policy[name];
