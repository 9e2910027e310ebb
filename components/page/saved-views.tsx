"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, Trash2 } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { z } from "zod";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
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
  /** The parameters of the address that are filters; the others (time, page) are not saved. */
  readonly parameters: readonly string[];
}
/** Named filters of a list, shared by all users: apply, save, delete. */
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
            title="The saved views could not be loaded"
            error={views.error}
            onRetry={() => void views.refetch()}
          />
        )}
        {views.data?.items.length === 0 && (
          <p className="text-mut">
            No saved views yet. Set the filters of this list, then save them here under a name.
          </p>
        )}
        <ul className="-mx-1 flex max-h-72 flex-col overflow-y-auto">
          {views.data?.items.map((view) => (
            <View
              key={view.id}
              view={view}
              current={view.query === query}
              page={page}
              parameters={parameters}
              onGo={() => setOpen(false)}
            />
          ))}
        </ul>
        <SaveView page={page} query={query} />
      </PopoverContent>
    </Popover>
  );
}

/** In the order of `parameters`, so that equal filters give equal texts. */
function filtersOf(search: { get(name: string): string | null }, parameters: readonly string[]): string {
  const filters = new URLSearchParams();
  for (const name of parameters) {
    const value = search.get(name);
    if (value !== null && value !== "") filters.set(name, value);
  }
  return filters.toString();
}

interface ViewProps extends SavedViewsProps {
  readonly view: SavedView;
  readonly current: boolean;
  readonly onGo: () => void;
}
function View({ view, current, page, parameters, onGo }: ViewProps) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const refusal = useWriteRefusal();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => fetchJson(api.view(view.id), z.undefined(), { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.views(page) }),
    onError: (error) => toast.failed("The view could not be deleted", error),
  });
  const go = () => {
    const next = new URLSearchParams(view.query);
    // Keep the rest of the address: the time range and the time shown.
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
        {...(current && { "aria-current": "true" })}
      >
        <span className="block truncate font-medium">
          <BrokerText text={view.name} maxLength={80} />
          {current && <span className="ml-2 text-2xs text-acc">current</span>}
        </span>
        <span className="block truncate text-2xs text-dim">
          <BrokerText
            text={
              [...new URLSearchParams(view.query)].map(([name, value]) => `${name} ${value}`).join(" · ") ||
              "no filters"
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
        disabled={refusal !== null || remove.isPending}
        title={refusal ?? "Delete"}
        onClick={() => remove.mutate()}
      >
        <Trash2 />
      </Button>
    </li>
  );
}

function SaveView({ page, query }: { readonly page: SavedViewInput["page"]; readonly query: string }) {
  const [name, setName] = useState("");
  const refusal = useWriteRefusal();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (input: SavedViewInput) => fetchJson(api.views(), SavedView, { method: "POST", body: input }),
    onSuccess: (view) => {
      setName("");
      toast.done("View saved", view.name);
      return client.invalidateQueries({ queryKey: keys.views(page) });
    },
    onError: (error) => toast.failed("The view could not be saved", error),
  });
  return (
    <form
      className="flex flex-col gap-1.5 border-t pt-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") save.mutate({ page, name: name.trim(), query });
      }}
    >
      <div className="flex gap-2">
        <Input
          aria-label="Name of the view"
          placeholder="Name of the view"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
          disabled={refusal !== null}
        />
        <Button type="submit" size="lg" disabled={refusal !== null || name.trim() === "" || save.isPending}>
          Save
        </Button>
      </div>
      {refusal !== null && <p className="text-2xs text-dim">{refusal}</p>}
    </form>
  );
}
