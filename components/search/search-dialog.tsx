"use client";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { FileText, KeyRound, ListTree, Logs, Search, Server, Users, type LucideIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog as Radix } from "radix-ui";
import { useDeferredValue, useState } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Overlay } from "#components/ui/dialog.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { SearchView, type SearchHit } from "#lib/contracts/search.ts";

const ICON: Readonly<Record<SearchHit["kind"], LucideIcon>> = {
  trace: ListTree,
  event: FileText,
  topic: Logs,
  group: Users,
  service: Server,
  key: KeyRound,
};

/** One box that takes a trace ID, event ID, key, topic, group or service and goes there. */
export function SearchDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Overlay />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-50 w-[min(40rem,calc(100%-2rem))] -translate-x-1/2 overflow-hidden rounded-xl border border-line2 bg-panel shadow-float"
        >
          <Radix.Title className="sr-only">Search</Radix.Title>
          {/* Mounted with the dialog: each opening starts empty. */}
          <Box onDone={() => onOpenChange(false)} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Box({ onDone }: { readonly onDone: () => void }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const q = useDeferredValue(text.trim());
  const found = useQuery({
    queryKey: keys.search({ q }),
    queryFn: ({ signal }) => fetchJson(api.search({ q }), SearchView, { signal }),
    enabled: q !== "",
    staleTime: 10_000,
  });
  const hits = q === "" ? [] : (found.data?.hits ?? []);
  const go = (href: string) => {
    if (!isHere(href)) return;
    onDone();
    router.push(href);
  };
  return (
    <Command shouldFilter={false} label="Search">
      <div className="flex items-center gap-2.5 border-b px-3.5">
        <Search aria-hidden className="size-4 text-dim" strokeWidth={1.5} />
        <Command.Input
          value={text}
          onValueChange={(next) => setText(next.slice(0, 300))}
          placeholder="A trace ID, event ID, key, topic, group or service"
          className="h-12 w-full bg-transparent text-base outline-none placeholder:text-dim"
        />
        <Kbd>esc</Kbd>
      </div>
      <Command.List className="max-h-[50dvh] overflow-y-auto p-1.5">
        {hits.map((hit) => {
          const Icon = ICON[hit.kind];
          return (
            <Command.Item
              key={`${hit.kind}:${hit.href}`}
              value={`${hit.kind}:${hit.href}`}
              onSelect={() => go(hit.href)}
              className="flex h-10 items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-raise"
            >
              <Icon aria-hidden className="size-4 shrink-0 text-mut" strokeWidth={1.5} />
              <BrokerText
                text={hit.label}
                mono={hit.kind !== "service" && hit.kind !== "group"}
                maxLength={64}
                className="truncate"
              />
              <span className="ml-auto truncate pl-4 text-xs text-mut">
                <BrokerText text={hit.detail} maxLength={60} />
              </span>
              <span className="w-12 shrink-0 text-right text-2xs text-dim">{hit.kind}</span>
            </Command.Item>
          );
        })}
        <div role="status" className="px-2.5 py-2 text-mut empty:hidden">
          {q === "" && "Paste what you have: Flowtap finds out what it is. Coordinates work too: orders/3/91204."}
          {q !== "" && found.isError && <span className="text-bad">{found.error.message}</span>}
          {q !== "" &&
            !found.isError &&
            hits.length === 0 &&
            (found.isFetching ? "Searching…" : "Nothing by that name. Keys and IDs must be whole; names may be parts.")}
        </div>
      </Command.List>
      {found.data?.note && hits.length > 0 && <p className="border-t px-4 py-2 text-xs text-dim">{found.data.note}</p>}
    </Command>
  );
}

/** Only addresses of this site are followed, whatever the answer says. */
const isHere = (href: string) => /^\/(?![/\\])/.test(href);
