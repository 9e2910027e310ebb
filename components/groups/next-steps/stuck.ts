/** Next steps where the group does not get past an event: it fails on it, hangs, or waits for a transaction. */
import { pages } from "#lib/client/routes.ts";
import type { GroupCauseOf } from "#lib/contracts/group-cause.ts";
import type { GroupView } from "#lib/contracts/groups.ts";
import { abortTransaction, describeMembers, describeTransaction, resetToOffset } from "#components/page/commands.ts";
import { eventHref, failuresStep, membersLink, skipHref, type NextStep } from "./step.ts";

export function poisonEventSteps(view: GroupView, { at }: GroupCauseOf<"poison_event">): readonly NextStep[] {
  const { row } = view;
  const head = view.head.find((one) => one.topic === at?.topic && one.partition === at.partition);
  const offset = at?.offset ?? head?.offset;
  const event = at === null || offset === undefined ? null : { topic: at.topic, partition: at.partition, offset };
  const steps: NextStep[] = [
    {
      text: "Look at the event: a missing field, another schema version, an unexpected size or type.",
      ...(event !== null && { link: { label: "Open event", href: eventHref(row.cluster, event) } }),
    },
  ];
  if (head !== undefined && head.traceId !== null)
    steps.push({
      text: "See what it belongs to, and whether other groups got past it.",
      link: { label: "Open trace", href: pages.trace(head.traceId) },
    });
  const skipped = "it is not processed, and a copy of it is kept as a dead letter";
  steps.push(...failuresStep(view), {
    text: `Fix the consumer and start it again; it then continues by itself. Or skip this one event: ${skipped}.`,
    ...(event !== null && {
      link: { label: "Skip it…", href: skipHref(row, event) },
      command: {
        label: "reset, dry run",
        value: resetToOffset(row.group, { ...event, offset: String(BigInt(event.offset) + 1n) }),
      },
    }),
  });
  return steps;
}

export function hungMemberSteps({ row }: GroupView, { data }: GroupCauseOf<"hung_member">): readonly NextStep[] {
  const named = (data.members ?? []).slice(0, 3).map(({ clientId, host }) => `${clientId} on ${host}`);
  const who = named.length === 0 ? "the member that hangs" : named.join(", ");
  return [
    {
      text:
        `Take a thread dump of ${who} before anything else: it still sends heartbeats, but its processing waits for ` +
        "something (a lock, a pool, a call without a timeout).",
      link: membersLink(row),
    },
    {
      text: "Then restart it: its partitions go to the other members, which continue from its last commit.",
      command: { label: "members", value: describeMembers(row.group) },
    },
    { text: "To let it recover by itself, set a timeout on every call it makes, and process on the polling thread." },
  ];
}

export function openTransactionSteps(
  _view: GroupView,
  { at, data }: GroupCauseOf<"open_transaction">,
): readonly NextStep[] {
  const transactionalId = data.transactionalId ?? null;
  const offset = data.lastStableOffset ?? at?.offset ?? null;
  const steps: NextStep[] = [
    transactionalId === null
      ? { text: "Find the producer that began the transaction and neither commits nor aborts it." }
      : {
          text: `Find the producer ${transactionalId}: it began a transaction and neither commits nor aborts it.`,
          command: { label: "describe transaction", value: describeTransaction(transactionalId) },
        },
    {
      text:
        "If it has died, start it again: its first call (initTransactions) aborts what it left open. The broker does " +
        "so by itself after transaction.timeout.ms, unless the transaction hangs.",
    },
  ];
  if (at !== null && offset !== null)
    steps.push({
      text: "If it hangs and no producer owns it any more, abort it. What was written in it is then never delivered.",
      command: {
        label: "abort transaction",
        value: abortTransaction({ topic: at.topic, partition: at.partition, offset }),
      },
    });
  return steps;
}
