"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Save, Undo2, X } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Dialog, DialogContent, DialogFooter } from "#components/ui/dialog.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Input, Label, Textarea } from "#components/ui/input.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { ApiError, fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { MessageView } from "#lib/contracts/events.ts";
import type { ReplayItemEdit } from "#lib/contracts/replay-input.ts";
import { ReplayItemEditView, type ReplayItemRow } from "#lib/contracts/replays.ts";
import { BodyDiff } from "./body-diff.tsx";
import { SchemaLine } from "./schema-line.tsx";

interface EditDialogProps {
  readonly runId: number;
  readonly cluster: string;
  readonly item: ReplayItemRow;
  readonly onClose: () => void;
}
/** What one event is sent with: its body and headers, the original beside it. */
export function EditDialog({ runId, cluster, item, onClose }: EditDialogProps) {
  const at = [cluster, item.sourceTopic, item.sourcePartition, item.sourceOffset] as const;
  const original = useQuery({
    queryKey: keys.messages.one(...at),
    queryFn: ({ signal }) => fetchJson(api.message(...at), MessageView, { signal }),
  });
  const edit = useQuery({
    queryKey: keys.replays.edit(runId, item.seq),
    queryFn: ({ signal }) => fetchJson(api.replayItemEdit(runId, item.seq), ReplayItemEditView, { signal }),
  });
  const error = original.error ?? edit.error;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        className="max-w-4xl"
        title={`Edit item ${item.seq}`}
        description="Only what is sent changes, marked with the header flowtap-edited. The dead letter stays as it is."
      >
        {error !== null ? (
          <ErrorPanel title="It cannot be edited" error={error} />
        ) : original.data === undefined || edit.data === undefined ? (
          <Skeleton className="h-72" />
        ) : (
          <Form
            runId={runId}
            seq={item.seq}
            original={original.data}
            edit={edit.data.edit}
            schema={edit.data.schema}
            onClose={onClose}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}

const JSON_LIKE: ReadonlySet<string> = new Set(["json", "cloudevents"]);

interface FormProps {
  readonly runId: number;
  readonly seq: number;
  readonly original: MessageView;
  readonly edit: ReplayItemEdit | null;
  readonly schema: ReplayItemEditView["schema"];
  readonly onClose: () => void;
}
function Form({ runId, seq, original, edit, schema, onClose }: FormProps) {
  const client = useQueryClient();
  const field = useId();
  const isJson = JSON_LIKE.has(original.encoding);
  const editable = (isJson || original.encoding === "text") && !original.truncated;
  const [body, setBody] = useState(edit?.body ?? original.text);
  const [headers, setHeaders] = useState<readonly { readonly name: string; readonly value: string }[]>(
    edit?.setHeaders ?? [],
  );
  const [despiteSchema, setDespiteSchema] = useState(edit?.despiteSchema ?? false);
  const save = useMutation({
    mutationFn: (next: ReplayItemEdit | null) =>
      fetchJson(
        api.replayItemEdit(runId, seq),
        ReplayItemEditView,
        next === null ? { method: "DELETE" } : { method: "POST", body: next },
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["replays"] });
      onClose();
    },
  });
  const fault = isJson && editable ? faultOfJson(body) : null;
  const changed = editable && body !== original.text;
  const refusedBySchema =
    save.error instanceof ApiError && save.error.fields?.some(({ path }) => path === "despiteSchema") === true;
  const changeBody = (next: string) => {
    setBody(next);
    // The schema was overruled for the previous body, not for this one.
    setDespiteSchema(false);
  };
  const change = (index: number, part: Partial<{ name: string; value: string }>) =>
    setHeaders(headers.map((header, i) => (i === index ? { ...header, ...part } : header)));
  return (
    <form
      className="flex min-w-0 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({
          ...(changed && { body }),
          format: isJson ? "json" : "text",
          setHeaders: headers.filter(({ name }) => name.trim() !== ""),
          removeHeaders: edit?.removeHeaders ?? [],
          despiteSchema,
        });
      }}
    >
      <div className="flex flex-col gap-1">
        <Label htmlFor={field}>Body</Label>
        {editable ? (
          <Textarea
            id={field}
            className="min-h-48 font-mono text-xs"
            spellCheck={false}
            value={body}
            maxLength={200_000}
            aria-invalid={fault !== null}
            onChange={(event) => changeBody(event.target.value)}
          />
        ) : (
          <p className="text-mut">
            This body is {original.truncated ? "too long" : `${original.encoding}, no text`}: it is sent byte for byte.
          </p>
        )}
        {fault !== null && <p className="text-bad">No valid JSON: {fault}</p>}
        <SchemaLine schema={schema} edited={edit !== null} />
      </div>
      {changed && <BodyDiff before={original.text} after={body} />}
      <fieldset className="flex flex-col gap-1.5">
        <legend className="text-xs font-medium text-mut">Headers that are set instead of the original’s</legend>
        {headers.map((header, i) => (
          <div key={i} className="flex gap-2">
            <Input
              aria-label={`Name of header ${i + 1}`}
              className="font-mono text-xs"
              list={`${field}-names`}
              value={header.name}
              maxLength={200}
              onChange={(event) => change(i, { name: event.target.value })}
            />
            <Input
              aria-label={`Value of header ${i + 1}`}
              className="font-mono text-xs"
              value={header.value}
              maxLength={8192}
              onChange={(event) => change(i, { value: event.target.value })}
            />
            <Button
              aria-label={`Leave header ${i + 1} as it is`}
              onClick={() => setHeaders(headers.filter((_, other) => other !== i))}
            >
              <X />
            </Button>
          </div>
        ))}
        <datalist id={`${field}-names`}>
          {[...new Set(original.headers.map(({ name }) => name))].slice(0, 100).map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Button
          className="self-start"
          disabled={headers.length >= 50}
          onClick={() => setHeaders([...headers, { name: "", value: "" }])}
        >
          <Plus /> Set a header
        </Button>
      </fieldset>
      {save.error !== null && <ErrorPanel title="It was not changed" error={save.error} />}
      {(refusedBySchema || edit?.despiteSchema === true) && (
        <label className="flex items-center gap-2">
          <Checkbox checked={despiteSchema} onCheckedChange={(on) => setDespiteSchema(on === true)} /> Send it although
          it does not match its schema; the audit log will say so
        </label>
      )}
      <DialogFooter>
        {edit !== null && (
          <Button disabled={save.isPending} onClick={() => save.mutate(null)}>
            <Undo2 /> Back to the original
          </Button>
        )}
        <Button onClick={onClose}>Close</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={save.isPending || fault !== null || (!changed && headers.length === 0)}
        >
          <Save /> Send it like this
        </Button>
      </DialogFooter>
    </form>
  );
}

function faultOfJson(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
