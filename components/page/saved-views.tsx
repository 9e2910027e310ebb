"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { z } from "zod";
import { useSession } from "#components/shell/use-session.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Input } from "#components/ui/input.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { SavedView, SavedViewsView, type SavedViewInput } from "#lib/contracts/views.ts";

interface SavedViewsProps {
  readonly page: SavedViewInput["page"];
  /** Which of the address's parameters are filters; the others (time, page) are not kept. */
  readonly parameters: readonly string[];
}
/** The filters of a list under a name, for everybody: to apply, to keep, to forget. */
export function SavedViews({ page, parameters }: SavedViewsProps) {
  const [open, setOpen] = useState(false);
  const search = useSearchParams();
  const query = filtersOf(search, parameters);
  const views = useQuery({
    queryKey: keys.views(page),
    queryFn: ({ signal }) => fetchJson(api.views({ page }), SavedViewsView, { signal }),
    staleTime: 60_000,
    enabled: open,
  });
  return (
    <Popover open={open} onOpenChange={setOpen}>
      <PopoverTrigger asChild>
        <Button variant="outline" size="lg">
          <Bookmark /> Views
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Saved views" align="end" className="flex w-80 flex-col gap-2">
        {views.isError && (
          <ErrorPanel
            title="The saved views could not be read"
            error={views.error}
            onRetry={() => void views.refetch()}
          />
        )}
        {views.data?.items.length === 0 && (
          <p className="text-mut">None yet. Set the filters of this list, then keep them here under a name.</p>
        )}
        <ul className="-mx-1 flex max-h-72 flex-col overflow-y-auto">
          {views.data?.items.map((view) => (
            <View
              key={view.id}
              view={view}
              here={view.query === query}
              page={page}
              parameters={parameters}
              onGo={() => setOpen(false)}
            />
          ))}
        </ul>
        <Keep page={page} query={query} />
      </PopoverContent>
    </Popover>
  );
}

/** In the order of the list's own parameters, so that equal filters are equal texts. */
function filtersOf(search: { get(name: string): string | null }, parameters: readonly string[]): string {
  const kept = new URLSearchParams();
  for (const name of parameters) {
    const value = search.get(name);
    if (value !== null && value !== "") kept.set(name, value);
  }
  return kept.toString();
}

interface ViewProps extends SavedViewsProps {
  readonly view: SavedView;
  readonly here: boolean;
  readonly onGo: () => void;
}
function View({ view, here, page, parameters, onGo }: ViewProps) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const refusal = useRefusal();
  const client = useQueryClient();
  const forget = useMutation({
    mutationFn: () => fetchJson(api.view(view.id), z.undefined(), { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.views(page) }),
    onError: (error) => toast.failed("The view is still there", error),
  });
  const go = () => {
    const next = new URLSearchParams(view.query);
    // What is looked at besides the list's own filters goes along: time range and moment.
    for (const [name, value] of search) if (!parameters.includes(name) && name !== "cursor") next.set(name, value);
    router.push(`${pathname}?${next}`);
    onGo();
  };
  return (
    <li className="flex items-center gap-1 rounded-md hover:bg-raise">
      <button
        type="button"
        onClick={go}
        className="min-w-0 flex-1 px-2 py-1.5 text-left"
        {...(here && { "aria-current": "true" })}
      >
        <span className="block truncate font-medium">
          <BrokerText text={view.name} maxLength={80} />
          {here && <span className="ml-2 text-2xs text-acc">shown</span>}
        </span>
        <span className="block truncate text-2xs text-dim">
          <BrokerText
            text={
              [...new URLSearchParams(view.query)].map(([name, value]) => `${name} ${value}`).join(" · ") || "no filter"
            }
            maxLength={120}
          />{" "}
          · {view.createdBy}
        </span>
      </button>
      <Button
        variant="ghost"
        size="icon-sm"
        className="mr-1"
        aria-label={`Delete the view ${view.name}`}
        disabled={refusal !== null || forget.isPending}
        title={refusal ?? "Delete"}
        onClick={() => forget.mutate()}
      >
        <Trash2 />
      </Button>
    </li>
  );
}

function Keep({ page, query }: { readonly page: SavedViewInput["page"]; readonly query: string }) {
  const [name, setName] = useState("");
  const refusal = useRefusal();
  const client = useQueryClient();
  const keep = useMutation({
    mutationFn: (input: SavedViewInput) => fetchJson(api.views(), SavedView, { method: "POST", body: input }),
    onSuccess: (view) => {
      setName("");
      toast.done("Kept", view.name);
      return client.invalidateQueries({ queryKey: keys.views(page) });
    },
    onError: (error) => toast.failed("Not kept", error),
  });
  return (
    <form
      className="flex flex-col gap-1.5 border-t pt-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") keep.mutate({ page, name: name.trim(), query });
      }}
    >
      <div className="flex gap-2">
        <Input
          aria-label="Name for the filters shown"
          placeholder="Name for these filters"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
          disabled={refusal !== null}
        />
        <Button type="submit" size="lg" disabled={refusal !== null || name.trim() === "" || keep.isPending}>
          Keep
        </Button>
      </div>
      {refusal !== null && <p className="text-2xs text-dim">{refusal}</p>}
    </form>
  );
}

function useRefusal(): string | null {
  const session = useSession();
  if (session === undefined) return "Who you are is not known yet.";
  return session.role === "operator"
    ? null
    : `You are signed in as ${session.name}, a viewer: you can use views; keeping and deleting them needs the operator’s token.`;
}
