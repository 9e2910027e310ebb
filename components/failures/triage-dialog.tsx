"use client";
import { useState } from "react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogContent, DialogFooter } from "#components/ui/dialog.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Input } from "#components/ui/input.tsx";
import { hoursFromNow, UntilField } from "#components/ui/until-field.tsx";
import { TRIAGE_ACTIONS, type TriageAction } from "./triage-words.ts";
import { useFailureTriage } from "./use-failure-triage.ts";

export interface TriageDraft {
  readonly action: TriageAction;
  readonly fingerprint: string;
}

const MIN_REASON_CHARS = 3;
const QUICK_HOURS = [4, 24, 168] as const;

/** A triage decision and its reason. */
export function TriageDialog({ draft, onClose }: { readonly draft: TriageDraft | null; readonly onClose: () => void }) {
  return (
    <Dialog open={draft !== null} onOpenChange={(open) => !open && onClose()}>
      {draft !== null && (
        <DialogContent
          title={TRIAGE_ACTIONS[draft.action].title}
          description={TRIAGE_ACTIONS[draft.action].description}
        >
          <Form draft={draft} onClose={onClose} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function Form({
  draft: { action, fingerprint },
  onClose,
}: {
  readonly draft: TriageDraft;
  readonly onClose: () => void;
}) {
  const [until, setUntil] = useState(() => hoursFromNow(24));
  const [into, setInto] = useState("");
  const [reason, setReason] = useState("");
  const triage = useFailureTriage();
  const refusal = useWriteRefusal();
  const at = new Date(until);
  const valid =
    reason.trim().length >= MIN_REASON_CHARS &&
    (action !== "snooze" || !Number.isNaN(at.getTime())) &&
    (action !== "merge" || into.trim() !== "");
  const extraInput =
    action === "snooze"
      ? () => ({ until: at.toISOString() })
      : action === "merge"
        ? () => ({ into: into.trim() })
        : () => ({});
  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        triage.mutate({ action, fingerprint, reason: reason.trim(), ...extraInput() }, { onSuccess: onClose });
      }}
    >
      {action === "snooze" && <UntilField value={until} quickHours={QUICK_HOURS} onChange={setUntil} />}
      {action === "merge" && (
        <label className="flex flex-col gap-1">
          <span className="text-xs font-medium text-mut">Fingerprint of the other failure</span>
          <Input
            className="font-mono text-xs"
            value={into}
            maxLength={64}
            placeholder="shown in the notes of the other failure"
            onChange={(event) => setInto(event.target.value)}
          />
        </label>
      )}
      <label className="flex flex-col gap-1">
        <span className="text-xs font-medium text-mut">Reason</span>
        <Input
          value={reason}
          maxLength={500}
          placeholder="Fixed in payments 1.4"
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {triage.error !== null && <ErrorPanel title={TRIAGE_ACTIONS[action].failed} error={triage.error} />}
      <DialogFooter className="items-center">
        {refusal !== null && <p className="min-w-0 flex-1 text-warn">{refusal}</p>}
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!valid || refusal !== null || triage.isPending}>
          {TRIAGE_ACTIONS[action].action}
        </Button>
      </DialogFooter>
    </form>
  );
}
