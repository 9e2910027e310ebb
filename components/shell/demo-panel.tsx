"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useSession } from "#components/shell/use-session.ts";
import { Button } from "#components/ui/button.tsx";
import { Switch } from "#components/ui/checkbox.tsx";
import { cn } from "#components/ui/cn.ts";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { DemoFaultsView } from "#lib/contracts/session.ts";

/** Switches faults of the example system on and off; only in the demo. */
export function DemoPanel() {
  if (useSession()?.demo !== true) return null;
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button
          className={cn(
            "fixed bottom-28 left-3 z-40 shadow-float print:hidden max-lg:size-9 max-lg:p-0",
            "md:bottom-4 md:left-2.5 lg:bottom-16 lg:left-[18px] lg:w-[172px]",
          )}
          aria-label="Break something"
        >
          <FlaskConical /> <span className="max-lg:hidden">Break something</span>
        </Button>
      </PopoverTrigger>
      <PopoverContent aria-label="Faults of the example system" side="top" align="start" className="w-80">
        <Faults />
      </PopoverContent>
    </Popover>
  );
}

function Faults() {
  const client = useQueryClient();
  const faults = useQuery({
    queryKey: keys.demoFaults(),
    queryFn: ({ signal }) => fetchJson(api.demoFaults(), DemoFaultsView, { signal }),
    refetchInterval: 2000,
  });
  const flip = useMutation({
    mutationFn: ({ name, on }: { name: string; on: boolean }) =>
      fetchJson(api.demoFault(name), DemoFaultsView, { method: "POST", body: { on } }),
    onSuccess: (view) => client.setQueryData(keys.demoFaults(), view),
    onError: (error) => toast.failed("The fault could not be switched", error),
  });
  if (faults.isError && !faults.data)
    return <ErrorPanel title="The example system is unreachable" error={faults.error} />;
  return (
    <div className="flex flex-col gap-1">
      <p className="mb-1 text-xs text-mut">Faults of the example system. Switch one on and watch the graph.</p>
      {faults.data?.faults.map((fault) => (
        <label key={fault.name} className="flex min-h-8 items-center gap-3 py-1">
          <Switch
            checked={fault.on}
            disabled={flip.isPending}
            onCheckedChange={(on) => flip.mutate({ name: fault.name, on })}
            aria-label={fault.title}
          />
          <span>{fault.title}</span>
        </label>
      )) ?? <p className="text-dim">Loading…</p>}
    </div>
  );
}
