"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Save, Undo2 } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { DialogFooter } from "#components/ui/dialog.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Label, Textarea } from "#components/ui/input.tsx";
import { ApiError, fetchJson } from "#lib/client/fetch-json.ts";
import { api } from "#lib/client/routes.ts";
import type { MessageView } from "#lib/contracts/events.ts";
import type { ReplayItemEdit } from "#lib/contracts/replay-draft.ts";
import { ReplayItemEditView } from "#lib/contracts/replays.ts";
import { BodyDiff } from "./body-diff.tsx";
import { HeaderFields, type Header } from "./header-fields.tsx";
import { SchemaLine } from "./schema-line.tsx";

const JSON_LIKE: ReadonlySet<string> = new Set(["json", "cloudevents"]);

interface EditFormProps {
  readonly runId: number;
  readonly seq: number;
  readonly original: MessageView;
  readonly edit: ReplayItemEdit | null;
  readonly schema: ReplayItemEditView["schema"];
  readonly onClose: () => void;
}
/** The body and headers that one item is sent with. */
export function EditForm({ runId, seq, original, edit, schema, onClose }: EditFormProps) {
  const client = useQueryClient();
  const field = useId();
  const isJson = JSON_LIKE.has(original.encoding);
  const editable = (isJson || original.encoding === "text") && !original.truncated;
  const [body, setBody] = useState(edit?.body ?? original.text);
  const [headers, setHeaders] = useState<readonly Header[]>(edit?.setHeaders ?? []);
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
      <HeaderFields headers={headers} onChange={setHeaders} known={original.headers.map(({ name }) => name)} />
      {save.error !== null && <ErrorPanel title="The change was not saved" error={save.error} />}
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
