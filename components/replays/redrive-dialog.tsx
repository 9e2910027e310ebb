"use client";
import { Dialog, DialogContent } from "#components/ui/dialog.tsx";
import { count, plural } from "#components/ui/format.ts";
import { RedriveForm, type RedriveFormProps } from "./redrive-form.tsx";
import type { RedriveSelection } from "./redrive-choice.ts";

const HOW_SENT = "Each is sent once, without dead-letter headers. You see who receives them before anything is sent.";

interface RedriveDialogProps extends Omit<RedriveFormProps, "selection"> {
  /** null: the dialog is closed */
  readonly selection: RedriveSelection | null;
}
/** Plan → preview → reason → run. The draft is the server's: closing the window loses nothing. */
export function RedriveDialog({ selection, onClose, ...rest }: RedriveDialogProps) {
  return (
    <Dialog open={selection !== null} onOpenChange={(open) => !open && onClose()}>
      {selection !== null && (
        <DialogContent className="max-w-3xl" title={titleOf(selection)} description={HOW_SENT}>
          <RedriveForm selection={selection} onClose={onClose} {...rest} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function titleOf({ select, items }: RedriveSelection): string {
  switch (select.by) {
    case "fingerprint":
    case "failures":
      return items === null ? "Replay dead letters" : `Replay ${plural(items, "dead letter")}`;
    case "trace":
      return "Send this trace again";
    case "key":
      return items === null ? "Send the events of this key again" : `Send ${count(items)} events of this key again`;
    case "range":
      return "Send a stretch of this topic again";
  }
}
