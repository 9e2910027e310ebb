"use client";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { FileText, KeyRound, ListTree, Logs, Search, Server, Users, type LucideIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useDeferredValue, useState } from "react";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { cn } from "#components/ui/cn.ts";
import { Dialog, Modal, ModalTitle } from "#components/ui/dialog.tsx";
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

/** One search for trace IDs, event IDs, keys, topics, groups and services. */
export function SearchDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <Modal
        className={cn(
          "top-[12dvh] left-1/2 w-[min(40rem,calc(100%-2rem))] -translate-x-1/2",
          "overflow-hidden rounded-xl border",
        )}
      >
        <ModalTitle className="sr-only">Search</ModalTitle>
        {/* Mounted with the dialog, so that each opening starts empty. */}
        <SearchBox onDone={() => onOpenChange(false)} />
      </Modal>
    </Dialog>
  );
}

function SearchBox({ onDone }: { readonly onDone: () => void }) {
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
    if (!isLocal(href)) return;
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
          placeholder="Trace ID, event ID, key, topic, group or service"
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
          {q === "" && "Paste any ID or name. topic/partition/offset works too: orders/3/91204."}
          {q !== "" && found.isError && <span className="text-bad">{found.error.message}</span>}
          {q !== "" &&
            !found.isError &&
            hits.length === 0 &&
            (found.isFetching ? "Searching…" : "No results. Enter keys and IDs in full; names can be partial.")}
        </div>
      </Command.List>
      {found.data?.note && hits.length > 0 && <p className="border-t px-4 py-2 text-xs text-dim">{found.data.note}</p>}
    </Command>
  );
}

/** Only addresses of this site are followed, whatever the API returns. */
const isLocal = (href: string) => /^\/(?![/\\])/.test(href);
