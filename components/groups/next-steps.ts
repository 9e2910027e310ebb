/** What to do about a group, by the cause that was found: in words, with the place to look at or the command to run. */
import { z } from "zod";
import { skipText } from "#components/replays/skip-target.ts";
import { plural } from "#components/ui/format.ts";
import { pages } from "#lib/client/routes.ts";
import type { GroupCause, GroupView } from "#lib/contracts/groups.ts";
import {
  abortTransaction,
  addPartitions,
  describeGroup,
  describeMembers,
  describeTopic,
  describeTransaction,
  keepLonger,
  resetToOffset,
  unavailablePartitions,
} from "#components/page/commands.ts";

export interface NextStep {
  readonly text: string;
  readonly link?: { readonly label: string; readonly href: string };
  readonly command?: { readonly label: string; readonly value: string };
}

const offset = z.string().regex(/^\d{1,20}$/);
const place = z.object({ topic: z.string(), partition: z.number() });
/**
 * What the rules put into a finding for machines, as far as a step needs it. Whatever is missing leaves its step out.
 */
const Data = z
  .object({
    lastLeft: z.object({ clientId: z.string(), host: z.string(), at: z.string() }).nullish().catch(null),
    members: z
      .union([z.number(), z.array(z.object({ clientId: z.string(), host: z.string() }))])
      .optional()
      .catch(undefined),
    byClient: z.record(z.string(), z.number()).optional().catch(undefined),
    partitions: z
      .union([
        z.number(),
        z.array(place.extend({ from: offset.optional(), to: offset.optional(), at: z.string().optional() })),
      ])
      .optional()
      .catch(undefined),
    factor: z.number().nullish().catch(null),
    topic: z.string().optional().catch(undefined),
    keys: z
      .array(z.object({ key: z.string(), share: z.number() }))
      .optional()
      .catch(undefined),
    transactionalId: z.string().nullish().catch(null),
    lastStableOffset: offset.optional().catch(undefined),
  })
  .catch({});
type Data = z.output<typeof Data>;

/** None when nothing is known to be wrong. */
export function nextSteps(view: GroupView): readonly NextStep[] {
  const { cause } = view.row;
  return cause === null ? [] : STEPS[cause.cause](view, cause, Data.parse(cause.data));
}

type Rule = (view: GroupView, cause: GroupCause, data: Data) => readonly NextStep[];

const STEPS: Readonly<Record<GroupCause["cause"], Rule>> = {
  poison_event: (view, { at }) => {
    const { cluster, group } = view.row;
    const head = view.head.find((one) => one.topic === at?.topic && one.partition === at.partition);
    const offset = at?.offset ?? head?.offset;
    const event = at === null || offset === undefined ? null : { topic: at.topic, partition: at.partition, offset };
    const next = event === null ? null : { ...event, offset: String(BigInt(event.offset) + 1n) };
    return [
      {
        text: "Look at what is in the event: a missing field, another version, a size or a type nobody expected.",
        ...(event !== null && { link: { label: "Open event", href: eventAt(view, event) } }),
      },
      ...(head === undefined || head.traceId === null
        ? []
        : [
            {
              text: "See what it belongs to, and whether other groups got past it.",
              link: { label: "Open trace", href: pages.trace(head.traceId) },
            },
          ]),
      ...failuresOf(view),
      {
        text: "Mend the consumer and start it again; it goes on by itself. Or skip this one event: it is not processed then, and a copy of it is kept as a dead letter.",
        ...(event !== null &&
          next !== null && {
            link: { label: "Skip it…", href: skipForm({ cluster, group }, event) },
            command: { label: "reset, dry run", value: resetToOffset(group, next) },
          }),
      },
    ];
  },
  no_members: ({ row }, _cause, { lastLeft }) => [
    {
      text: lastLeft
        ? `Start it again where it ran: ${lastLeft.clientId} left last, from ${lastLeft.host}.`
        : "Start a consumer with this group ID. Its events wait where it left off.",
      command: { label: "members", value: describeMembers(row.group) },
    },
    ...(lastLeft
      ? [
          {
            text: "Look at the group as it was when the last one left; then in that process's log of that minute.",
            link: { label: "As it was then", href: pages.group(row.cluster, row.group, { at: lastLeft.at }) },
          },
        ]
      : []),
    {
      text: "If the group is not used any more, delete it: it then no longer counts as stuck.",
      command: { label: "delete", value: describeGroup(row.group).replace("--describe", "--delete") },
    },
  ],
  rebalance_loop: ({ row }, _cause, { byClient }) => {
    const [busiest] = Object.entries(byClient ?? {}).toSorted((a, b) => b[1] - a[1]);
    return [
      {
        text:
          busiest === undefined
            ? "Find the member that comes and goes, and look into its log."
            : `Look into the log of ${busiest[0]}, which joined ${plural(busiest[1], "time")}: it crashes, is killed, or is thrown out for being late.`,
        link: { label: "Members", href: pages.group(row.cluster, row.group, { tab: "members" }) },
      },
      {
        text: "If its processing takes longer than max.poll.interval.ms, take fewer records per poll (max.poll.records) or raise the interval; if it pauses (GC, CPU throttling), raise session.timeout.ms.",
      },
      {
        text: "Give each member a group.instance.id of its own, or use the cooperative or the newer consumer protocol: one restart then does not stop all others.",
        command: { label: "members", value: describeMembers(row.group) },
      },
    ];
  },
  hung_member: ({ row }, _cause, { members }) => {
    const named = Array.isArray(members)
      ? members.slice(0, 3).map(({ clientId, host }) => `${clientId} on ${host}`)
      : [];
    return [
      {
        text: `Take a thread dump of ${named.length === 0 ? "the member that hangs" : named.join(", ")} before anything else: it lives and asks the broker, but its processing waits for something (a lock, a pool, a call without a timeout).`,
        link: { label: "Members", href: pages.group(row.cluster, row.group, { tab: "members" }) },
      },
      {
        text: "Then restart it: its partitions go to the others, who begin at its last commit.",
        command: { label: "members", value: describeMembers(row.group) },
      },
      { text: "So that it heals itself: a timeout on every call it makes, and processing on the thread that polls." },
    ];
  },
  too_slow: ({ row }, _cause, { factor, members, partitions, topic }) => {
    const room = typeof members === "number" && typeof partitions === "number" ? partitions - members : null;
    const needed =
      typeof factor === "number" && Number.isFinite(factor) && factor > 1
        ? `It must do ${factor.toFixed(1)} times what it does. `
        : "";
    return [
      room !== null && room > 0
        ? {
            text: `${needed}Start more members: ${typeof members === "number" ? members : ""} run now, and up to ${plural(room, "more")} would get partitions.`,
            command: { label: "members", value: describeMembers(row.group) },
          }
        : {
            text: `${needed}More members do not help: each partition has its reader already. Make one faster, or add partitions (keys then move to others).`,
            ...(topic !== undefined &&
              typeof partitions === "number" && {
                command: { label: "add partitions", value: addPartitions(topic, partitions * 2) },
              }),
          },
      {
        text: "See where its time goes: the latency of what it does per event, and whether an event type has become slow or frequent.",
        ...(topic !== undefined && { link: { label: "Topic", href: pages.topic(row.cluster, topic) } }),
      },
      {
        text: "Commit and call in batches; take more per poll; do slow calls side by side within a partition's order.",
      },
    ];
  },
  hot_partition: ({ row }, { at }, { keys }) => [
    {
      text:
        keys === undefined || keys.length === 0
          ? "Find the keys that make it hot: most of what waits there has few of them."
          : `${keys
              .slice(0, 3)
              .map(({ key, share }) => `${key} (${Math.round(share * 100)} %)`)
              .join(
                ", ",
              )} ${keys.length === 1 ? "makes" : "make"} it hot. Ask who writes so much under ${keys.length === 1 ? "it" : "them"}.`,
      ...(at !== null && {
        link: { label: "What waits there", href: eventAt({ row }, { ...at, offset: at.offset ?? "0" }) },
      }),
    },
    {
      text: "Spread them: a key with more in it (customer and order instead of customer), or salted where order does not matter. More members do not help.",
    },
    { text: "Until then: give the partition's reader the machine for itself." },
  ],
  open_transaction: (_view, { at }, { transactionalId, lastStableOffset }) => {
    const from = at === null ? undefined : (lastStableOffset ?? at.offset ?? undefined);
    return [
      {
        text: transactionalId
          ? `Find the producer ${transactionalId}: it began a transaction and neither commits nor aborts it.`
          : "Find the producer that began the transaction and neither commits nor aborts it.",
        ...(transactionalId && {
          command: { label: "describe transaction", value: describeTransaction(transactionalId) },
        }),
      },
      {
        text: "If it has died, start it again: its first call (initTransactions) aborts what it left open. The broker does so by itself after transaction.timeout.ms, unless the transaction hangs.",
      },
      ...(at === null || from === undefined
        ? []
        : [
            {
              text: "If it hangs and nobody owns it any more, abort it. What was written in it is then never delivered.",
              command: {
                label: "abort transaction",
                value: abortTransaction({ topic: at.topic, partition: at.partition, offset: from }),
              },
            },
          ]),
    ];
  },
  rewound: ({ row }, _cause, { partitions }) => {
    const first = Array.isArray(partitions) ? partitions[0] : undefined;
    return [
      {
        text: "If somebody reset it on purpose there is nothing to do: it consumes those events again and catches up. Whoever used Flowtap stands in the list of replays.",
        link: { label: "Replays", href: pages.replays({ group: row.group }) },
      },
      ...(first?.at === undefined
        ? []
        : [
            {
              text: "See who was connected when it went back: a member that commits old offsets after a rebalance is a known fault of clients that commit by hand.",
              link: { label: "As it was then", href: pages.group(row.cluster, row.group, { at: first.at }) },
            },
          ]),
      ...(first?.from === undefined
        ? []
        : [
            {
              text: "To undo it, stop the group and set it to where it was.",
              link: { label: "Set it back…", href: resetForm(row, { ...first, offset: first.from }) },
              command: { label: "reset, dry run", value: resetToOffset(row.group, { ...first, offset: first.from }) },
            },
          ]),
    ];
  },
  skipped_ahead: ({ row }, _cause, { partitions }) => {
    const first = Array.isArray(partitions) ? partitions[0] : undefined;
    const from =
      first?.from === undefined ? null : { topic: first.topic, partition: first.partition, offset: first.from };
    return [
      {
        text: "If it was not meant, stop the group and set it back to where it was: what was skipped is then consumed, and what came since once more.",
        ...(from !== null && {
          link: { label: "Set it back…", href: resetForm(row, from) },
          command: { label: "reset, dry run", value: resetToOffset(row.group, from) },
        }),
      },
      ...(from === null
        ? []
        : [
            {
              text: "Look at what was skipped first.",
              link: { label: "First skipped event", href: eventAt({ row }, from) },
            },
          ]),
      ...(first?.at === undefined
        ? []
        : [
            {
              text: "See who was connected then: auto.offset.reset=latest with expired offsets does this too.",
              link: { label: "As it was then", href: pages.group(row.cluster, row.group, { at: first.at }) },
            },
          ]),
    ];
  },
  not_consuming: ({ row }, { at }) => [
    {
      text: "Compare what its members subscribe to with what they are assigned: a pattern that does not match, an assign() that leaves partitions out, or partitions added since it started.",
      link: { label: "Members", href: pages.group(row.cluster, row.group, { tab: "members" }) },
      command: { label: "members", value: describeMembers(row.group) },
    },
    ...(at === null
      ? []
      : [
          {
            text: "See how many partitions the topic has, and since when.",
            link: { label: "Topic", href: pages.topic(row.cluster, at.topic) },
            command: { label: "describe topic", value: describeTopic(at.topic) },
          },
        ]),
    {
      text: "Restart one member: the group then divides its partitions anew, the new ones too. A group that never commits (enable.auto.commit=false and no commit call) begins anew with each start.",
    },
  ],
  data_lost: (view, { at }) => {
    const { row } = view;
    const days = 14;
    return [
      {
        text: "What was deleted is not in the broker any more. Get it from where it came from, or from a backup, and publish it again.",
      },
      ...(at === null
        ? []
        : [
            {
              text: "Keep the topic longer while the group catches up, or it loses more.",
              link: { label: "Topic", href: pages.topic(row.cluster, at.topic) },
              command: { label: `retention of ${days} days`, value: keepLonger(at.topic, days * 86_400_000) },
            },
          ]),
      { text: "Alert on time to data loss, not on lag alone: it was known before it happened." },
      ...failuresOf(view),
    ];
  },
  broker_trouble: ({ row }, { at }) => [
    {
      text: "This is not the consumer’s fault: restarting it does not help. Look at the brokers first.",
      command: { label: "unavailable partitions", value: unavailablePartitions() },
    },
    ...(at === null
      ? []
      : [
          {
            text: "See which partitions are without a leader.",
            link: { label: "Topic", href: pages.topic(row.cluster, at.topic) },
            command: { label: "describe topic", value: describeTopic(at.topic) },
          },
        ]),
    { text: "When the brokers are back, the group goes on where it stood." },
  ],
};

function eventAt(
  { row }: Pick<GroupView, "row">,
  at: { readonly topic: string; readonly partition: number; readonly offset: string },
): string {
  return pages.topic(row.cluster, at.topic, {
    tab: "messages",
    mode: "browse",
    partition: at.partition,
    offset: at.offset,
  });
}

export function skipForm(
  row: Pick<GroupView["row"], "cluster" | "group">,
  at: { readonly topic: string; readonly partition: number; readonly offset: string },
): string {
  return pages.group(row.cluster, row.group, { tab: "replay", skip: skipText(at) });
}

function resetForm(
  row: Pick<GroupView["row"], "cluster" | "group">,
  at: { readonly topic: string; readonly partition: number; readonly offset: string },
): string {
  return pages.group(row.cluster, row.group, {
    tab: "replay",
    how: "offset",
    topic: at.topic,
    partition: at.partition,
    offset: at.offset,
  });
}

function failuresOf({ row, failures }: GroupView): NextStep[] {
  if (failures.open === 0) return [];
  return [
    {
      text: `See whether it fails like the ${plural(failures.open, "failed event")} this group has open.`,
      link: { label: "Like failures", href: pages.group(row.cluster, row.group, { tab: "failures" }) },
    },
  ];
}
