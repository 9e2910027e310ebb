"use client";
import { Eye } from "lucide-react";
import { useState } from "react";
import { Button } from "#components/ui/button.tsx";
import { DialogFooter } from "#components/ui/dialog.tsx";
import { ErrorPanel } from "#components/ui/error-panel.tsx";
import { Input } from "#components/ui/input.tsx";
import { redrivePlan, type RedriveChoice, type RedriveSelection, INITIAL_CHOICE } from "./redrive-choice.ts";
import { RedriveTarget } from "./redrive-target.tsx";
import { RedriveTime } from "./redrive-time.tsx";
import { RedriveWhich } from "./redrive-which.tsx";
import { ReplayDraft } from "./replay-draft.tsx";
import { useWriteRefusal } from "#components/shell/use-operator.ts";
import { usePlanReplay } from "./use-replay.ts";

export interface RedriveFormProps {
  readonly selection: RedriveSelection;
  readonly onClose: () => void;
  /** the groups they failed in, or that read them */
  readonly groups: readonly string[];
  /** Set: only this group's dead letters, and no choice. */
  readonly group?: string;
  /** of the topic, where a stretch of one is chosen */
  readonly partitions?: number;
}
/** Which events are sent again, where to and how fast; then the draft of that replay. */
export function RedriveForm({ selection, onClose, groups, group, partitions = 0 }: RedriveFormProps) {
  const plan = usePlanReplay();
  const refusal = useWriteRefusal();
  const [choice, setChoice] = useState<RedriveChoice>({
    ...INITIAL_CHOICE,
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
      <RedriveTime time={choice.time} onTime={(time) => set({ time })} />
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
