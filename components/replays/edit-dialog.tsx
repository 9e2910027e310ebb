"use client";
import { useQuery } from "@tanstack/react-query";
import { Dialog, DialogContent } from "#components/ui/dialog.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { fetchJson } from "#lib/client/fetch-json.ts";
import { keys } from "#lib/client/query-keys.ts";
import { api } from "#lib/client/routes.ts";
import { MessageView } from "#lib/contracts/events.ts";
import { ReplayItemEditView, type ReplayItemRow } from "#lib/contracts/replays.ts";
import { EditForm } from "./edit-form.tsx";

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
          <EditForm
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
