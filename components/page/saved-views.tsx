"use client";
import { useQuery } from "@tanstack/react-query";
import { Bookmark } from "lucide-react";
import { useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { SavedViewsView, type SavedViewInput } from "#lib/contracts/views.ts";
import { SavedViewItem } from "./saved-view.tsx";
import { SaveView } from "./save-view.tsx";

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
            <SavedViewItem
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
