"use client";
import { Eye } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { Dialog, DialogContent, DialogFooter } from "#components/ui/dialog.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { count, plural } from "#components/ui/format.ts";
import { Input } from "#components/ui/input.tsx";
import type { ReplaySelection } from "#lib/contracts/replay-selection.ts";
import { redrivePlan, type RedriveChoice } from "./redrive-choice.ts";
import { RedriveTarget } from "./redrive-target.tsx";
import { RedriveWhich } from "./redrive-which.tsx";
import { ReplayDraft } from "./replay-draft.tsx";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { usePlanReplay } from "./use-replay.ts";

const HOW_SENT = "Each is sent once, without dead-letter headers. You see who receives them before anything is sent.";

/** Which events are to be sent again, and how many those are, where that is known before they are looked up. */
export interface RedriveSelection {
  readonly select: ReplaySelection;
  readonly items: number | null;
  /** how the dialog begins, where it differs */
  readonly begin?: Partial<RedriveChoice>;
}

interface RedriveDialogProps {
  readonly selection: RedriveSelection | null;
  readonly onClose: () => void;
  /** the groups they failed in, or that read them */
  readonly groups: readonly string[];
  /** Set: only this group's dead letters, and no choice. */
  readonly group?: string;
  /** of the topic, where a stretch of one is chosen */
  readonly partitions?: number;
}
/** Plan → preview → reason → run. The draft is the server's: closing the window loses nothing. */
export function RedriveDialog({ selection, onClose, ...rest }: RedriveDialogProps) {
  return (
    <Dialog open={selection !== null} onOpenChange={(open) => !open && onClose()}>
      {selection !== null && (
        <DialogContent className="max-w-3xl" title={titleOf(selection)} description={HOW_SENT}>
          <Steps selection={selection} onClose={onClose} {...rest} />
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

const BEGIN: RedriveChoice = {
  onlyGroup: null,
  key: "",
  from: "",
  to: "",
  partition: null,
  failedOnly: false,
  goesTo: "topic",
  forGroup: null,
  targetTopic: "",
  sandbox: "",
  createSandbox: true,
  rate: "50",
  first: "1",
  stopAbove: "20",
};

function Steps({
  selection,
  onClose,
  groups,
  group,
  partitions = 0,
}: RedriveDialogProps & { readonly selection: RedriveSelection }) {
  const plan = usePlanReplay();
  const refusal = useWriteRefusal();
  const [choice, setChoice] = useState<RedriveChoice>({
    ...BEGIN,
    onlyGroup: group ?? null,
    first: selection.items === 1 ? "0" : "1",
    ...selection.begin,
  });
  if (plan.data !== undefined) return <ReplayDraft view={plan.data} onDiscard={onClose} />;

  const set = (change: Partial<RedriveChoice>) => {
    plan.reset();
    setChoice({ ...choice, ...change });
  };
  const forGroup = choice.forGroup ?? choice.onlyGroup ?? (groups.length === 1 ? (groups[0] ?? null) : null);
  const asked = redrivePlan(selection.select, { ...choice, forGroup });
  return (
    <form
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (asked.ok) plan.mutate(asked.value);
      }}
    >
      <RedriveWhich
        select={selection.select}
        choice={choice}
        onChoice={set}
        groups={group === undefined ? groups : []}
        partitions={partitions}
      />
      <RedriveTarget
        choice={{ ...choice, forGroup }}
        onChoice={set}
        groups={group === undefined ? groups : [group]}
        deadLetters={selection.select.by === "fingerprint" || selection.select.by === "failures"}
      />
      <div className="grid gap-3.5 sm:grid-cols-3">
        <Numeric label="At most, events per second" value={choice.rate} onChange={(rate) => set({ rate })} />
        {choice.goesTo !== "sandbox" && (
          <>
            <Numeric label="Sent first, rest when consumed" value={choice.first} onChange={(first) => set({ first })} />
            <Numeric
              label="Stop above % failing again"
              value={choice.stopAbove}
              onChange={(stopAbove) => set({ stopAbove })}
            />
          </>
        )}
      </div>
      {plan.error !== null && <ErrorPanel title="No plan could be made" error={plan.error} />}
      <DialogFooter className="items-center">
        {refusal !== null ? (
          <p className="min-w-0 flex-1 text-warn">{refusal}</p>
        ) : (
          !asked.ok && <p className="min-w-0 flex-1 text-mut">{asked.error}</p>
        )}
        <Button onClick={onClose}>Close</Button>
        <Button type="submit" variant="primary" disabled={refusal !== null || !asked.ok || plan.isPending}>
          <Eye /> {plan.isPending ? "Planning…" : "Preview"}
        </Button>
      </DialogFooter>
    </form>
  );
}

const Numeric = ({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) => (
  <label className="flex flex-col gap-1">
    <span className="text-xs font-medium text-mut">{label}</span>
    <Input inputMode="decimal" value={value} maxLength={8} onChange={(event) => onChange(event.target.value)} />
  </label>
);
