"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { Button } from "#components/ui/button.tsx";
import { Input } from "#components/ui/input.tsx";
import { toast } from "#components/ui/toast.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { SavedView, type SavedViewInput } from "#lib/contracts/views.ts";

/** Saves the filters of the list under a name. */
export function SaveView({ page, query }: { readonly page: SavedViewInput["page"]; readonly query: string }) {
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
