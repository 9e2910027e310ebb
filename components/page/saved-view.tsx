"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { z } from "zod";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { BrokerText } from "#components/ui/broker-text.tsx";
import { Button } from "#components/ui/button.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import type { SavedView, SavedViewInput } from "#lib/contracts/views.ts";

interface SavedViewItemProps {
  readonly page: SavedViewInput["page"];
  /** the parameters of the address that the view sets; it keeps the others */
  readonly parameters: readonly string[];
  readonly view: SavedView;
  readonly current: boolean;
  readonly onGo: () => void;
}
/** One saved view: select it to apply its filters; operators can delete it. */
export function SavedViewItem({ view, current, page, parameters, onGo }: SavedViewItemProps) {
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
