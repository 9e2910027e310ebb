"use client";
import { ChevronDown, Terminal } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { copyText } from "#components/ui/copy-button.tsx";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from "#components/ui/dropdown-menu.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fullUrl } from "#lib/client/base-path.ts";
import { api } from "#lib/client/routes.ts";
import type { GroupQuery, GroupView } from "#lib/contracts/groups.ts";
import {
  consoleConsumer,
  curl,
  describeGroup,
  describeMembers,
  kcatOne,
  listBindings,
  listConsumers,
  listQueue,
  resetToOffset,
} from "#components/page/commands.ts";

/** The same in the terminal, and a link that keeps the moment. */
export function CopyMenu({
  cluster,
  group,
  view,
  params,
}: {
  readonly cluster: string;
  readonly group: string;
  readonly view: GroupView | undefined;
  readonly params: Partial<GroupQuery>;
}) {
  const head = view?.head[0];
  const address = () => fullUrl(api.group(cluster, group, params));
  const here = [
    ["curl, this view", () => curl(address())],
    ["link to this moment", () => momentAddress(view)],
  ] as const;
  const ofQueue = [
    ["rabbitmqctl list_queues", () => listQueue(group)],
    ["rabbitmqctl list_consumers", () => listConsumers(group)],
    ["rabbitmqctl list_bindings", () => listBindings(group)],
  ] as const;
  const ofGroup: readonly (readonly [label: string, value: () => string])[] = [
    ["kafka-consumer-groups --describe", () => describeGroup(group)],
    ["kafka-consumer-groups --describe --members", () => describeMembers(group)],
    ...(head === undefined
      ? []
      : ([
          [
            `kafka-consumer-groups --reset-offsets past ${head.topic.slice(0, 24)}[${head.partition}] @ ${head.offset}`,
            () => resetToOffset(group, { ...head, offset: String(BigInt(head.offset) + 1n) }),
          ],
          ["kafka-console-consumer at the head", () => consoleConsumer(head)],
          ["kcat at the head", () => kcatOne(head)],
        ] as const)),
  ];
  const commands = [...(view?.row.protocol === "queue" ? ofQueue : ofGroup), ...here];
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button>
          <Terminal /> More <ChevronDown className="!size-3.5 text-dim" />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuLabel>Copy as</DropdownMenuLabel>
        {commands.map(([label, value]) => (
          <DropdownMenuItem
            key={label}
            onSelect={() =>
              void copyText(value()).then((copied) =>
                copied ? toast.done("Copied", label) : toast.failed("Not copied", "The browser refused."),
              )
            }
          >
            {label}
          </DropdownMenuItem>
        ))}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** What is looked at now, to be found again: a live view is pinned to this moment. */
function momentAddress(view: GroupView | undefined): string {
  const url = new URL(globalThis.location.href);
  url.searchParams.set("at", view?.at ?? new Date().toISOString());
  return url.href;
}
