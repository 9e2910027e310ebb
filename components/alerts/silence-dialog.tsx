"use client";
import { BellOff } from "lucide-react";
import { useState } from "react";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogContent, DialogFooter } from "#components/ui/dialog.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Input } from "#components/ui/input.tsx";
import { hoursFromNow, UntilField } from "#components/ui/until-field.tsx";
import { useSilence } from "./use-alerts.ts";

export interface SilenceDraft {
  readonly rule: string;
  readonly cluster: string;
  readonly group: string;
}

const MIN_REASON_CHARS = 3;
const QUICK_HOURS = [1, 4, 24, 168] as const;
const DESCRIPTION =
  "Silenced alerts stay on this page, but no messages are sent. " +
  "Alerts that still fire when the silence ends are sent then.";

/** What to silence, until when, and why. */
export function SilenceDialog({
  draft,
  onClose,
}: {
  readonly draft: SilenceDraft | null;
  readonly onClose: () => void;
}) {
  return (
    <Dialog open={draft !== null} onOpenChange={(open) => !open && onClose()}>
      {draft !== null && (
        <DialogContent title="Silence alerts" description={DESCRIPTION}>
          <Form draft={draft} onClose={onClose} />
        </DialogContent>
      )}
    </Dialog>
  );
}

function Form({ draft, onClose }: { readonly draft: SilenceDraft; readonly onClose: () => void }) {
  const [scope, setScope] = useState(draft);
  const [until, setUntil] = useState(() => hoursFromNow(4));
  const [reason, setReason] = useState("");
  const silence = useSilence();
  const refusal = useWriteRefusal();
  const at = new Date(until);
  const valid =
    !Number.isNaN(at.getTime()) &&
    reason.trim().length >= MIN_REASON_CHARS &&
    Object.values(scope).every((glob) => glob !== "");
  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        silence.mutate({ ...scope, until: at.toISOString(), reason: reason.trim() }, { onSuccess: onClose });
      }}
    >
      <div className="grid gap-3.5 sm:grid-cols-3">
        {(["group", "rule", "cluster"] as const).map((name) => (
          <label key={name} className="flex flex-col gap-1">
            <span className="text-xs font-medium text-mut">{name[0]?.toUpperCase() + name.slice(1)}</span>
            <Input
              className="font-mono text-xs"
              value={scope[name]}
              maxLength={300}
              onChange={(event) => setScope({ ...scope, [name]: event.target.value })}
            />
          </label>
        ))}
        <p className="-mt-2 text-xs text-dim sm:col-span-3">* matches any characters, ? matches one.</p>
      </div>
      <UntilField value={until} quickHours={QUICK_HOURS} onChange={setUntil} />
      <label className="flex flex-col gap-1">
        <span className="text-xs font-medium text-mut">Reason</span>
        <Input
          value={reason}
          maxLength={500}
          placeholder="Deploy of payments until noon"
          onChange={(event) => setReason(event.target.value)}
        />
      </label>
      {silence.error !== null && <ErrorPanel title="The silence could not be created" error={silence.error} />}
      <DialogFooter className="items-center">
        {refusal !== null && <p className="min-w-0 flex-1 text-warn">{refusal}</p>}
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={!valid || refusal !== null || silence.isPending}>
          <BellOff /> Silence
        </Button>
      </DialogFooter>
    </form>
  );
}
